#!/usr/bin/env node
// Writes resources/prices/prices.json from the npm package @pydantic/genai-prices (MIT), and the
// package's notice beside it.
//
//     node packaging/make-prices.mjs [VERSION]
//
// Prices in the package are US dollars for a million tokens; the table holds 1e-12 dollars for a
// token, rounded to whole numbers. Prices that hold at certain hours of the day are windows of the table's
// entry, from one minute of the UTC day until before another; the entry itself holds those that apply for
// the greater part of the day. The version that the table was made of stands at its head.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const name = '@pydantic/genai-prices';
const target = join(dirname(fileURLToPath(import.meta.url)), '..', 'resources', 'prices');

const tokenPrices = {
    input_mtok: 'input',
    output_mtok: 'output',
    cache_read_mtok: 'cacheRead',
    cache_write_mtok: 'cacheWrite',
    cache_write_1h_mtok: 'cacheWriteLong',
    output_reasoning_mtok: 'reasoning',
    input_audio_mtok: 'inputAudio',
    output_audio_mtok: 'outputAudio',
};

// To the nearest picodollar; a price above nothing never becomes nothing.
function whole(value, what) {
    const rounded = Math.round(value);
    if (!Number.isSafeInteger(rounded) || rounded < 0 || (rounded === 0 && value > 0))
        throw new Error(`${what}: ${value} cannot be held in picodollars`);
    return rounded;
}

// ["=", text] equals, ["^", text] begins, ["$", text] ends, ["*", text] contains, ["~", pattern]
// matches, ["|", rule…] any, ["&", rule…] all. Texts are in lower case, as are the names compared.
function rule(match) {
    const [[kind, value]] = Object.entries(match);
    const signs = { equals: '=', starts_with: '^', ends_with: '$', contains: '*' };
    if (signs[kind])
        return [signs[kind], value.toLowerCase()];
    if (kind === 'regex')
        return ['~', value];
    if (kind === 'or' || kind === 'and') {
        const rules = value.map(rule);
        return rules.length === 1 ? rules[0] : [kind === 'or' ? '|' : '&', ...rules];
    }
    throw new Error(`unknown rule ${kind}`);
}

function priceAt(value, inputTokens) {
    if (typeof value === 'number')
        return value;
    let price = value.base;
    for (const tier of [...value.tiers].sort((a, b) => a.start - b.start)) {
        if (inputTokens > tier.start)
            price = tier.price;
    }
    return price;
}

function tokensAt(prices, inputTokens, what) {
    const result = {};
    for (const [key, field] of Object.entries(tokenPrices)) {
        if (prices[key] !== undefined)
            result[field] = whole(priceAt(prices[key], inputTokens) * 1e6, what);
    }
    // The output of a model that paints is pictures, so their price stands for all of its output.
    if (prices.output_image_mtok !== undefined)
        result.output = whole(priceAt(prices.output_image_mtok, inputTokens) * 1e6, what);
    return result;
}

// Nothing in it: free. Null where the table's units cannot express what the provider charges for.
function converted(prices, what) {
    if (Object.keys(prices).length === 0)
        return {};
    const result = tokensAt(prices, 0, what);
    if (prices.requests_kcount !== undefined)
        result.perCall = whole(prices.requests_kcount * 1e9, what);
    if (Object.keys(result).length === 0)
        return null;
    const starts = new Set(Object.values(prices)
        .flatMap((value) => typeof value === 'object' ? value.tiers.map((tier) => tier.start) : []));
    if (starts.size > 0) {
        result.tiers = [...starts].sort((a, b) => a - b)
            .map((start) => ({ above: start, ...tokensAt(prices, start + 1, what) }));
    }
    return result;
}

function minuteOf(time) {
    const [, hour, minute] = /^(\d{2}):(\d{2}):\d{2}Z$/.exec(time);
    return Number(hour) * 60 + Number(minute);
}

function holds(constraint, date, minute) {
    if (constraint === undefined)
        return true;
    if (constraint.start_date !== undefined)
        return date >= constraint.start_date;
    const [from, to] = [minuteOf(constraint.start_time), minuteOf(constraint.end_time)];
    return to < from ? minute >= from || minute < to : minute >= from && minute < to;
}

const minutesOfDay = 24 * 60;

// The prices of each minute of the day: of the alternatives whose constraint holds the last one counts.
function minutesOn(alternatives, date) {
    return Array.from({ length: minutesOfDay }, (_, minute) => {
        const found = alternatives.findLast((each) => holds(each.constraint, date, minute));
        return JSON.stringify((found ?? alternatives[0]).prices);
    });
}

// The hours in which other prices than `usual` apply. One that begins before midnight may end after it.
function windowsOf(minutes, usual, what) {
    const windows = [];
    const first = minutes.findIndex((prices, at) => prices !== minutes.at(at - 1));
    for (let passed = 0, from = first; first >= 0 && passed < minutesOfDay;) {
        const prices = minutes[from];
        let length = 1;
        while (passed + length < minutesOfDay && minutes[(from + length) % minutesOfDay] === prices)
            ++length;
        const until = (from + length) % minutesOfDay;
        if (prices !== usual)
            windows.push({ from, until, ...ofHours(JSON.parse(prices), JSON.parse(usual), what) });
        from = until;
        passed += length;
    }
    return windows.sort((a, b) => a.from - b.from);
}

// A window of the table has prices of tokens alone.
function ofHours(prices, usual, what) {
    const result = converted(prices, what);
    if (result === null || prices.requests_kcount !== usual.requests_kcount)
        throw new Error(`${what}: hours with other prices than those of tokens`);
    delete result.perCall;
    return result;
}

function onDate(alternatives, date, what) {
    const minutes = minutesOn(alternatives, date);
    const counts = new Map();
    for (const prices of minutes)
        counts.set(prices, (counts.get(prices) ?? 0) + 1);
    const usual = [...counts].sort((a, b) => b[1] - a[1])[0][0];
    const result = converted(JSON.parse(usual), what);
    const windows = windowsOf(minutes, usual, what);
    return result === null || windows.length === 0 ? result : { ...result, windows };
}

function dated(model, what) {
    if (!Array.isArray(model.prices))
        return [converted(model.prices, what)];
    const dates = [...new Set(model.prices.map((each) => each.constraint?.start_date ?? ''))].sort();
    if (dates[0] !== '')
        dates.unshift('');
    return dates.map((date) => {
        const prices = onDate(model.prices, date, what);
        return prices === null || date === '' ? prices : { from: date, ...prices };
    });
}

function modelLine(provider, model) {
    const prices = dated(model, `${provider.id}/${model.id}`);
    const entry = { id: model.id, match: rule(model.match) };
    if (model.context_window !== undefined)
        entry.context = model.context_window;
    entry.prices = prices.includes(null) ? [] : prices;
    return JSON.stringify(entry);
}

function providerText(provider) {
    const head = { id: provider.id };
    if (provider.model_match !== undefined)
        head.claims = rule(provider.model_match);
    if (provider.fallback_model_providers !== undefined)
        head.fallback = provider.fallback_model_providers;
    const lines = provider.models.map((model) => modelLine(provider, model));
    return `${JSON.stringify(head).slice(0, -1)},"models":[\n${lines.join(',\n')}\n]}`;
}

const folder = mkdtempSync(join(tmpdir(), 'prices-'));
try {
    const wanted = process.argv[2] ? `${name}@${process.argv[2]}` : name;
    const npm = (...words) => execFileSync('npm', [...words, '--silent'], { cwd: folder, encoding: 'utf8' });
    const archive = npm('pack', wanted).trim();
    execFileSync('tar', ['xzf', archive], { cwd: folder });
    const root = join(folder, 'package');
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const asOf = JSON.parse(npm('view', `${name}@${version}`, 'time', '--json'))[version].slice(0, 10);
    const prices = await import(pathToFileURL(join(root, 'dist', 'index.js')));
    const providers = await prices.waitForUpdate();

    const head = { source: name, version, asOf, licence: 'MIT' };
    const text = `${JSON.stringify(head).slice(0, -1)},"providers":[\n`
        + `${providers.map(providerText).join(',\n')}\n]}\n`;
    writeFileSync(join(target, 'prices.json'), text);
    copyFileSync(join(root, 'LICENSE'), join(target, 'LICENSE'));
    console.log(`${providers.length} providers of ${name} ${version} (${asOf})`);
} finally {
    rmSync(folder, { recursive: true });
}
