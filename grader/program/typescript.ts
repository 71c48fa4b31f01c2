/** Makes JavaScript of a student's TypeScript, once, so that no launch pays for it. */
import { readFile, writeFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Replaces the TypeScript files of a copied folder by what they are without types. The program's own file
 * gets an ending that Node runs as it is; the files that it imports keep their names, since imports name them.
 *
 * @param copy a copy of the exercise's folder, to be changed
 * @param original the folder that it was copied from: tracebacks name its files
 * @returns the path of the file to start
 * @throws SyntaxError with file and line, when a file is not TypeScript
 */
export async function buildTypeScript(
  copy: string,
  original: string,
  file: string,
  files: readonly string[],
): Promise<string> {
  const entry = file.replace(/\.ts$/i, '.js').replace(/\.([mc])ts$/i, '.$1js')
  for (const name of files.filter((candidate) => /\.[mc]?ts$/i.test(candidate) && !candidate.endsWith('.d.ts'))) {
    const source = await readFile(join(copy, name), 'utf8')
    const code = await withoutTypes(source, join(original, name))
    if (name === file) await writeFile(join(copy, entry), code)
    await writeFile(join(copy, name), code)
  }
  return join(copy, entry)
}

/** Stripping keeps every line and column; enums and parameter properties need a transform with a source map. */
async function withoutTypes(source: string, path: string): Promise<string> {
  try {
    return stripTypeScriptTypes(source, { sourceUrl: pathToFileURL(path).href })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
      throw new SyntaxError(`${basename(path)}: ${(error as Error).message.trim()}`, { cause: error })
    }
  }
  const { transform } = await import('oxc-transform')
  const { code, map, errors } = await transform(path, source, {
    lang: 'ts',
    sourcemap: true,
    typescript: { onlyRemoveTypeImports: true },
  })
  const [problem] = errors
  if (problem) throw new SyntaxError(`${basename(path)}: ${problem.codeframe ?? problem.message}`)
  const inline = Buffer.from(JSON.stringify(map)).toString('base64')
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${inline}\n`
}
