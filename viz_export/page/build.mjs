// Bundles src/ into template.html: one file that asks for nothing from outside. The place of the data is left open for
// the program. Its scripts and styles are allowed by their hashes, so that nothing else in the page can run.
//
//   npm ci && npm run build        writes template.html
//   node build.mjs FILE            writes FILE
import {build} from 'esbuild';
import {createHash} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';

const bundle = async (entry) => {
  const result = await build({
    entryPoints: [new URL(entry, import.meta.url).pathname],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    charset: 'ascii',
    legalComments: 'inline',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
  return result.outputFiles[0].text.trim();
};
const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const script = (await bundle('src/main.tsx')).replaceAll('</script', '<\\/script');
const style = await bundle('src/style.css');
const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; img-src data:; base-uri 'none'; form-action 'none'`;
// The title and the icon come from the file too: a browser that finds no icon asks for one.
const page = `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>Trustfall</title>
<style>${style}</style>
</head>
<body>
<div id="page"><noscript>This page draws its figures with JavaScript, which is switched off here.</noscript></div>
<script type="application/json" id="data">@TRUSTFALL_DATA@</script>
<script>${script}</script>
</body>
</html>
`;
if (page.split('@TRUSTFALL_DATA@').length !== 2) throw new Error('the place of the data must occur once');
writeFileSync(process.argv[2] ?? new URL('template.html', import.meta.url), page);
