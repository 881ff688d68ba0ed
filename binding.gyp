{
  "targets": [
    {
      "target_name": "krylov",
      "type": "none",
      "actions": [
        {
          "action_name": "cmake",
          "inputs": ["CMakeLists.txt"],
          "outputs": ["<(module_root_dir)/build/Release/krylov.node"],
          "action": [
            "node",
            "<!(node -p \"require.resolve('cmake-js/bin/cmake-js')\")",
            "build",
            "--directory", "<(module_root_dir)",
            "--out", "<(module_root_dir)/build/cmake",
            "--CDCMAKE_LIBRARY_OUTPUT_DIRECTORY=<(module_root_dir)/build/Release"
          ]
        }
      ]
    }
  ]
}
