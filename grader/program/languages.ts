/** The languages that a program may be written in: how each is built and started. Data only. */

export interface Language {
  name: string
  /** File name endings, with the dot. */
  endings: readonly string[]
  /** The executable that has to be there, or several of which the first found is taken. */
  needs: readonly string[]
  /** What to install when none is there. */
  install: string
  /** Text that a file must contain to be a program of its own, where a folder also holds helpers. */
  main?: RegExp
  /** Makes the command that builds. `source` is the program's file, `out` an empty folder for the result. */
  build?: (use: BuildFacts) => readonly string[]
  /** Makes the command that starts; without it, the built file `out/program` is started. */
  run?: (use: RunFacts) => readonly string[]
  /** Environment that keeps output from being held back, and whatever else the language needs. */
  env?: Record<string, string>
}

interface BuildFacts {
  /** The executable found. */
  tool: string
  /** Absolute path of the program's file. */
  source: string
  /** Absolute path of the folder that it lies in. */
  folder: string
  /** Absolute paths of further source files of the same language that are neither client nor server. */
  helpers: readonly string[]
  out: string
}

interface RunFacts {
  tool: string
  source: string
  out: string
  /** The name of the class that holds `main`, with its package (Java only). */
  mainClass: string
}

/** Files of ours that are linked into or loaded before a program, so that it does not hold its output back. */
const support = (name: string): string => new URL(`support/${name}`, import.meta.url).pathname

const C_FLAGS = ['-g', '-O1', '-pthread', '-w']

const LANGUAGES: readonly Language[] = [
  {
    name: 'TypeScript',
    endings: ['.ts', '.mts', '.cts'],
    needs: [process.execPath],
    install: 'Node.js 24',
    // Built by type-stripping (typescript.ts), not by a command.
  },
  {
    name: 'JavaScript',
    endings: ['.js', '.mjs', '.cjs'],
    needs: [process.execPath],
    install: 'Node.js 24',
    run: ({ tool, source }) => [tool, source],
  },
  {
    name: 'Python',
    endings: ['.py'],
    needs: ['python3', 'python', 'py'],
    install: 'Python 3 (https://www.python.org)',
    run: ({ tool, source }) => [tool, source],
    env: { PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1' },
  },
  {
    name: 'Java',
    endings: ['.java'],
    needs: ['javac'],
    install: 'a Java development kit (JDK 17 or newer)',
    main: /\bvoid\s+main\s*\(/,
    build: ({ tool, source, folder, out }) => [
      tool,
      '-encoding',
      'UTF-8',
      '-nowarn',
      '-proc:none',
      '-sourcepath',
      folder,
      '-d',
      out,
      source,
    ],
    run: ({ tool, out, mainClass }) => [
      tool.replace(/javac(\.exe)?$/, 'java$1'),
      // A short program gains nothing from the optimising compiler and several collectors.
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-Xshare:auto',
      '-Dfile.encoding=UTF-8',
      '-Dstdout.encoding=UTF-8',
      '-cp',
      out,
      mainClass,
    ],
  },
  {
    name: 'C',
    endings: ['.c'],
    needs: ['cc', 'gcc', 'clang'],
    install: 'a C compiler (Debian and Ubuntu: build-essential; macOS: xcode-select --install)',
    main: /\bmain\s*\(/,
    build: ({ tool, source, helpers, folder, out }) => [
      tool,
      ...C_FLAGS,
      '-I',
      folder,
      '-o',
      `${out}/program`,
      source,
      ...helpers,
      support('line-buffered.c'),
      '-lm',
    ],
  },
  {
    name: 'C++',
    endings: ['.cpp', '.cc', '.cxx'],
    needs: ['c++', 'g++', 'clang++'],
    install: 'a C++ compiler (Debian and Ubuntu: build-essential; macOS: xcode-select --install)',
    main: /\bmain\s*\(/,
    build: ({ tool, source, helpers, folder, out }) => [
      tool,
      '-std=c++17',
      ...C_FLAGS,
      '-I',
      folder,
      '-o',
      `${out}/program`,
      source,
      ...helpers,
      support('line-buffered.cpp'),
    ],
  },
  {
    name: 'Go',
    endings: ['.go'],
    needs: ['go'],
    install: 'Go (https://go.dev)',
    main: /\bfunc\s+main\s*\(/,
    build: ({ tool, source, helpers, out }) => [tool, 'build', '-o', `${out}/program`, source, ...helpers],
    env: { GO111MODULE: 'off', GOFLAGS: '-buildvcs=false', CGO_ENABLED: '0' },
  },
  {
    name: 'Rust',
    endings: ['.rs'],
    needs: ['rustc'],
    install: 'Rust (https://www.rust-lang.org)',
    main: /\bfn\s+main\s*\(/,
    build: ({ tool, source, out }) => [tool, '--edition', '2021', '-A', 'warnings', '-o', `${out}/program`, source],
  },
  {
    name: 'Ruby',
    endings: ['.rb'],
    needs: ['ruby'],
    install: 'Ruby (https://www.ruby-lang.org)',
    run: ({ tool, source }) => [tool, '-r', support('unbuffered.rb'), source],
  },
  {
    name: 'Perl',
    endings: ['.pl'],
    needs: ['perl'],
    install: 'Perl (https://www.perl.org)',
    run: ({ tool, source }) => [tool, `-I${support('')}`, '-MUnbuffered', source],
  },
  {
    name: 'PHP',
    endings: ['.php'],
    needs: ['php'],
    install: 'PHP for the command line (Debian and Ubuntu: php-cli)',
    run: ({ tool, source }) => [tool, '-d', 'display_errors=stderr', '-d', 'implicit_flush=1', source],
  },
  {
    name: 'shell',
    endings: ['.sh'],
    needs: ['bash', 'sh'],
    install: 'a POSIX shell',
    run: ({ tool, source }) => [tool, source],
  },
]

/** The language of a file name, if its ending is known. */
export function languageOf(file: string): Language | undefined {
  const lower = file.toLowerCase()
  return LANGUAGES.find(({ endings }) => endings.some((ending) => lower.endsWith(ending)))
}
