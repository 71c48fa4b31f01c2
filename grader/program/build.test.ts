import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Role } from '../core/report.ts'
import { Transcript } from '../core/transcript.ts'
import { Folder } from '../testing/submissions.ts'
import { build, BuildFailure } from './build.ts'
import { findProgram } from './find.ts'
import { RunningProgram } from './launch.ts'
import { Scratch } from './scratch.ts'
import { which } from './which.ts'

/** Programs that print their first argument, without an end of theirs, and then wait for the keyboard. */
const PROGRAMS: readonly (readonly [name: string, tool: string, files: Record<string, string>])[] = [
  ['Python', 'python3', { 'server.py': 'import sys\nprint("port", sys.argv[1])\ninput()\n' }],
  ['JavaScript', 'node', { 'server.mjs': 'console.log("port", process.argv[2])\nprocess.stdin.resume()\n' }],
  [
    'TypeScript',
    'node',
    {
      'server.ts': 'const port: number = Number(process.argv[2])\nconsole.log("port", port)\nprocess.stdin.resume()\n',
    },
  ],
  [
    'TypeScript with enums, parameter properties and a module of its own',
    'node',
    {
      'server.ts':
        "import { label } from './words.ts'\nenum Kind { Port = 'port' }\nclass P { constructor(readonly n: string) {} }\nconsole.log(label(Kind.Port), new P(process.argv[2] ?? '').n)\nprocess.stdin.resume()\n",
      'words.ts': 'export const label = (text: string): string => text\n',
    },
  ],
  [
    'Java',
    'javac',
    {
      'TcpServer.java':
        'public class TcpServer { public static void main(String[] a) throws Exception { System.out.println(Helper.word() + " " + a[0]); System.in.read(); } }\n',
      'Helper.java': 'class Helper { static String word() { return "port"; } }\n',
    },
  ],
  [
    'C',
    'cc',
    {
      'server.c':
        '#include <stdio.h>\nconst char *word(void);\nint main(int n, char **a) { printf("%s %s\\n", word(), a[1]); getchar(); return n; }\n',
      'word.c': 'const char *word(void) { return "port"; }\n',
    },
  ],
  [
    'C++',
    'c++',
    {
      'server.cpp':
        '#include <iostream>\nint main(int, char **a) { std::cout << "port " << a[1] << "\\n"; std::cin.get(); }\n',
    },
  ],
  [
    'Go',
    'go',
    {
      'server.go':
        'package main\nimport ("fmt"; "os")\nfunc main() { fmt.Println("port", os.Args[1]); os.Stdin.Read(make([]byte, 1)) }\n',
    },
  ],
  [
    'Rust',
    'rustc',
    {
      'server.rs':
        'fn main() { println!("port {}", std::env::args().nth(1).unwrap()); let mut s = String::new(); let _ = std::io::stdin().read_line(&mut s); }\n',
    },
  ],
  ['Ruby', 'ruby', { 'server.rb': 'puts "port #{ARGV[0]}"\n$stdin.gets\n' }],
  ['Perl', 'perl', { 'server.pl': 'print "port $ARGV[0]\\n"; <STDIN>;\n' }],
  ['PHP', 'php', { 'server.php': '<?php echo "port {$argv[1]}\\n"; fgets(STDIN);\n' }],
  ['shell', 'sh', { 'server.sh': 'echo "port $1"\nread line\n' }],
  [
    'wiregrade.yml with a build',
    'cc',
    {
      'wiregrade.yml': 'server:\n  build: cc -o prog main.c\n  run: stdbuf -oL ./prog port {port}\n',
      'main.c':
        '#include <stdio.h>\nint main(int n, char **a) { printf("%s %s\\n", a[1], a[2]); getchar(); return n; }\n',
    },
  ],
  [
    'wiregrade.yml without placeholders',
    'python3',
    {
      'wiregrade.yml': 'server:\n  run: python3 -u my.py\n',
      'my.py': 'import sys\nprint("port", sys.argv[1])\ninput()\n',
    },
  ],
]

for (const [name, tool, files] of PROGRAMS) {
  const isThere = (await which([tool])) !== undefined
  test.runIf(isThere)(`a program in ${name} is built, started, and its output is not held back`, async () => {
    await using folder = await Folder.with(files)
    await using scratch = new Scratch()
    const transcript = new Transcript()
    const found = await find(folder.path, 'server')
    const startable = await build(found)
    const target = { address: '127.0.0.1', port: 20_999 }
    const program = await RunningProgram.launch({ startable, args: ['20999'], target, scratch, transcript })
    await new Promise<void>((resolve) => {
      transcript.onChange(() => {
        if (program.stdout.text.includes('\n') || program.hasEnded) resolve()
      })
    })
    expect(program.stderr.text).toBe('')
    expect(program.stdout.text.trim()).toBe('port 20999')
    expect(program.exit).toBeUndefined()
    await program.stop()
    expect((await readdir(folder.path)).toSorted()).toEqual(Object.keys(files).toSorted())
  })
}

test('TypeScript that is none is a failed build which names the file', async () => {
  await using folder = await Folder.with({ 'server.ts': 'const = 3\n' })
  await expect(build(await find(folder.path, 'server'))).rejects.toThrow(BuildFailure)
  await expect(build(await find(folder.path, 'server'))).rejects.toThrow('server.ts')
})

async function find(path: string, role: Role) {
  const found = await findProgram(join(path), role, ['client', 'server'])
  if (found.status !== 'found') throw new Error(found.message)
  return found
}
