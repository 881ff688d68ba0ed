#include "krylov/qlp.hpp"

#include <cmath>

namespace krylov {

namespace {

constexpr double kRounding = 4 * kEpsilon;  // share of the norm below which a diagonal entry of L is rounding

}  // namespace

double Qlp::Reflection::by(double a, double b) {
  const double h = std::hypot(a, b);
  c = h > 0 ? a / h : 1;
  s = h > 0 ? b / h : 0;
  return h;
}

void Qlp::begin(double beta1) {
  Q_ = P1_ = P2_ = {};
  first_ = true;
  phi = beta1_ = beta1;
  beta_ = dltan_ = tau_ = taul_ = gama_ = gamal_ = length_ = 0;
  vepln_ = veplnl_ = eta_ = etal_ = ul2_ = ul3_ = ul = u = 0;
}

void Qlp::drop(double share) {
  if (std::abs(gama_) <= share * size) u = 0;
}

void Qlp::push(double alpha, double betan) {
  double dlta = Q_.c * dltan_ + Q_.s * alpha;
  const double gbar = Q_.s * dltan_ - Q_.c * alpha;
  const double eplnn = Q_.s * betan;
  dltan_ = -Q_.c * betan;
  normal = std::hypot(gbar, dltan_) * phi;

  const double gamal2 = gamal_;
  double gamal = gama_;
  double gama = Q_.by(gbar, betan);
  const double taul2 = taul_;
  taul_ = tau_;
  tau_ = Q_.c * phi;
  phi *= Q_.s;

  const double veplnl2 = veplnl_, etal2 = etal_;
  etal_ = eta_;
  veplnl_ = P2_.c * vepln_ + P2_.s * dlta;
  dlta = P2_.s * vepln_ - P2_.c * dlta;
  eta_ = P2_.s * gama;
  gama *= -P2_.c;
  if (!first_) gamal = P1_.by(gamal, dlta);
  vepln_ = P1_.s * gama;
  gama *= -P1_.c;

  const double ul4 = ul3_, ul3 = ul2_;
  const double ul2 = gamal2 > 0 ? (taul2 - etal2 * ul4 - veplnl2 * ul3) / gamal2 : 0;
  ul = gamal > 0 ? (taul_ - etal_ * ul3 - veplnl_ * ul2) / gamal : 0;
  u = (tau_ - eta_ * ul2 - vepln_ * ul) / gama;
  ul3_ = ul3;
  ul2_ = ul2;
  length_ = std::hypot(length_, ul2);

  step = {1, P2_.c * ul2,    0,     P2_.s * ul2,     //
          0, P1_.s * P2_.s,  P1_.c, -P1_.s * P2_.c,  //
          0, -P1_.c * P2_.s, P1_.s, P1_.c * P2_.c};

  size = std::max({size, gamal, std::abs(gama), std::hypot(beta_, alpha, betan)});
  if (gamal2 > 0) settled_ = std::min(settled_, gamal2);
  smallest = std::min(settled_, gamal > 0 ? gamal : settled_);
  singular = !(std::abs(gama) > kRounding * size && kEpsilon * size * std::hypot(length_, ul, u) < beta1_);
  if (singular)
    u = 0;
  else
    smallest = std::min(smallest, std::abs(gama));

  if (!first_) gamal = P2_.by(gamal, eplnn);
  first_ = false;
  gama_ = gama;
  gamal_ = gamal;
  beta_ = betan;
}

}  // namespace krylov
