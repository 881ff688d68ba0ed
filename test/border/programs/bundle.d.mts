export function bundleLibrary(): Promise<{ readonly file: string; readonly remove: () => void }>
