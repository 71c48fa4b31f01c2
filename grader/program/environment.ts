/** The environment that reaches a program: a list of what it needs, nothing else. */

/** What every program needs to find its tools and to treat text as UTF-8. */
const FOR_PROGRAMS = ['PATH', 'TZ', 'JAVA_HOME', 'SystemRoot', 'ComSpec', 'PATHEXT']
/** Compilers also look for their own settings and caches. */
const FOR_BUILDS = [...FOR_PROGRAMS, 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'LOCALAPPDATA', 'APPDATA', 'USERPROFILE']
const FOR_BUILDS_TOO = ['CARGO_HOME', 'RUSTUP_HOME', 'GOROOT', 'GOPATH', 'GOCACHE', 'SDKROOT', 'DEVELOPER_DIR']

/** The variables of our own environment that are passed on. */
export function passedEnvironment(to: 'program' | 'build'): Record<string, string> {
  const names = to === 'program' ? FOR_PROGRAMS : [...FOR_BUILDS, ...FOR_BUILDS_TOO]
  const passed = names.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(passed), LANG: process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8' }
}
