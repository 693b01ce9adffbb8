import { ApiError } from "@google/genai";
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, collected, gemini, key, sampleArguments, schema, wrongKey } from "./lib.mjs";

const client = gemini();
const request = { model: "echo", contents: "say this back" };
const tools = [{ functionDeclarations: [{ name: "weather", parametersJsonSchema: schema }] }];

test("generateContent", async () => {
  const answer = await client.models.generateContent(request);

  assert.equal(answer.text, "say this back");
  assert.equal(answer.candidates[0].finishReason, "STOP");
  assert.equal(answer.usageMetadata.promptTokenCount, 3);
  assert.equal(answer.usageMetadata.candidatesTokenCount, 3);
});

test("generateContent, the version v1beta", async () => {
  const beta = gemini(key, "v1beta");
  const answer = await beta.models.generateContent(request);
  const parts = await collected(await beta.models.generateContentStream(request));

  assert.equal(answer.text, "say this back");
  assert.equal(parts.map((each) => each.text).join(""), "say this back");
});

test("generateContent, key in the query", async () => {
  const answer = await fetch(`${address}/v1beta/models/echo:generateContent?key=${key}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ contents: [{ parts: [{ text: "hello" }] }] }),
  });

  assert.equal(answer.status, 200);
  assert.equal((await answer.json()).candidates[0].content.parts[0].text, "hello");
});

test("streamGenerateContent", async () => {
  const parts = await collected(await client.models.generateContentStream(request));

  assert.equal(parts.map((each) => each.text).join(""), "say this back");
  assert.equal(parts.length, 3);
  assert.equal(parts.at(-1).candidates[0].finishReason, "STOP");
  assert.equal(parts.at(-1).usageMetadata.totalTokenCount, 6);
});

test("streamGenerateContent as an array", async () => {
  const answer = await fetch(`${address}/v1beta/models/echo:streamGenerateContent`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-goog-api-key": key },
    body: JSON.stringify({ contents: [{ parts: [{ text: "say this back" }] }] }),
  });
  const parts = await answer.json();

  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type"), /^application\/json/);
  assert.equal(parts.length, 3);
  assert.equal(parts.at(-1).candidates[0].finishReason, "STOP");
  assert.equal(parts.at(-1).usageMetadata.totalTokenCount, 6);
});

test("a function call", async () => {
  const asked = { ...request, model: "echo-tool", config: { tools } };
  const answer = await client.models.generateContent(asked);
  const parts = await collected(await client.models.generateContentStream(asked));

  assert.equal(answer.functionCalls[0].name, "weather");
  assert.deepEqual(answer.functionCalls[0].args, sampleArguments);
  assert.deepEqual(parts[0].functionCalls[0].args, sampleArguments);
});

test("a chat with a function's result", async () => {
  const chat = client.chats.create({ model: "echo-tool", config: { tools } });
  const first = await chat.sendMessage({ message: "what is it like outside?" });
  assert.equal(first.functionCalls[0].name, "weather");

  const answer = await chat.sendMessage({
    message: [{ functionResponse: { name: "weather", response: { output: "it is warm" } } }],
  });
  assert.match(answer.text, /it is warm/);
});

test("countTokens", async () => {
  const answer = await client.models.countTokens(request);
  assert.equal(answer.totalTokens, 3);
});

test("embedContent", async () => {
  const answer = await client.models.embedContent({
    model: "echo",
    contents: ["first text", "second text"],
    config: { outputDimensionality: 16 },
  });

  assert.equal(answer.embeddings.length, 2);
  assert.equal(answer.embeddings[1].values.length, 16);
});

test("embedContent of one text, as the interface has it", async () => {
  const answer = await fetch(`${address}/v1beta/models/echo:embedContent`, {
    method: "POST",
    headers: { "x-goog-api-key": key, "content-type": "application/json" },
    body: JSON.stringify({ content: { parts: [{ text: "hello" }] } }),
  });

  assert.equal(answer.status, 200);
  assert.equal((await answer.json()).embedding.values.length, 8);
});

test("models", async () => {
  const names = (await collected(await client.models.list())).map((each) => each.name);
  assert.ok(names.includes("models/echo"), `${names}`);
});

test("a wrong key", async () => {
  await assert.rejects(gemini(wrongKey).models.generateContent(request), (error) => {
    assert.ok(error instanceof ApiError);
    assert.equal(error.status, 401);
    assert.equal(JSON.parse(error.message).error.status, "UNAUTHENTICATED");
    return true;
  });
});

test("a wrong key is told although 5 MiB are under way", async () => {
  for (let i = 0; i < 20; ++i) {
    await assert.rejects(
      gemini(wrongKey).models.generateContent({ model: "echo", contents: "x".repeat(5 << 20) }),
      (error) => error instanceof ApiError && error.status === 401,
    );
  }
});

test("an unknown model", async () => {
  await assert.rejects(
    client.models.generateContent({ ...request, model: "nothing-at-all" }),
    (error) => {
      assert.ok([404, 503].includes(error.status), `status ${error.status}`);
      assert.match(error.message, /nothing-at-all/);
      return true;
    },
  );
});

test("429", async () => {
  await assert.rejects(
    client.models.generateContent({ ...request, model: "echo-error-429-gemini" }),
    (error) => error.status === 429,
  );
});
