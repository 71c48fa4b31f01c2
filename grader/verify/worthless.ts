/** Programs that must earn nothing, whatever the exercise. */
import type { Transport } from '../core/net.ts'

/** Their Python sources by what they do. */
export function worthless(transport: Transport): Readonly<Record<string, string>> {
  const kind = transport === 'tcp' ? 'SOCK_STREAM' : 'SOCK_DGRAM'
  const listen = transport === 'tcp' ? 's.listen()\n' : ''
  return {
    'an empty program': '',
    'a program that only sleeps': 'import time\ntime.sleep(600)\n',
    'a program that fails at once with a message': 'import sys\nsys.exit("No time for this")\n',
    'a program that prints a constant': 'print("From Server: HELLO WORLD")\n',
    'a program that prints for ever': 'while True:\n    print("From Server: HELLO WORLD")\n',
    'a program that binds and never answers': `import socket, sys, time\ns = socket.socket(socket.AF_INET, socket.${kind})\ns.bind(("", int(sys.argv[-1])))\n${listen}time.sleep(600)\n`,
  }
}
