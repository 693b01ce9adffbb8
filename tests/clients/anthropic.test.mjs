import Anthropic from "@anthropic-ai/sdk";
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, anthropic, collected, key, sampleArguments, schema, wrongKey } from "./lib.mjs";

const client = anthropic();
const request = {
  model: "echo",
  max_tokens: 1000,
  messages: [{ role: "user", content: "say this back" }],
};
const tools = [{ name: "weather", input_schema: schema }];

test("messages", async () => {
  const answer = await client.messages.create({ ...request, system: "Be kind." });

  assert.equal(answer.content[0].text, "say this back");
  assert.equal(answer.stop_reason, "end_turn");
  assert.deepEqual([answer.usage.input_tokens, answer.usage.output_tokens], [5, 3]);
});

test("messages, key as x-api-key", async () => {
  const answer = await fetch(`${address}/v1/messages?beta=true`, {
    method: "POST",
    headers: {
      "x-api-key": key,
      "anthropic-version": "2023-06-01",
      "content-type": "application/json",
    },
    body: JSON.stringify(request),
  });

  assert.equal(answer.status, 200);
  assert.equal((await answer.json()).content[0].text, "say this back");
});

test("messages, stream", async () => {
  const events = await collected(await client.messages.create({ ...request, stream: true }));

  const types = events.map((each) => each.type);
  assert.equal(types[0], "message_start");
  assert.equal(types.at(-1), "message_stop");
  const text = events.filter((each) => each.type === "content_block_delta");
  assert.equal(text.map((each) => each.delta.text).join(""), "say this back");
  const end = events.find((each) => each.type === "message_delta");
  assert.equal(end.usage.output_tokens, 3);
});

test("messages, stream helper", async () => {
  const message = await client.messages.stream(request).finalMessage();

  assert.equal(message.content[0].text, "say this back");
  assert.equal(message.usage.output_tokens, 3);
});

test("messages, tool use", async () => {
  const answer = await client.messages.create({ ...request, model: "echo-tool", tools });

  assert.equal(answer.stop_reason, "tool_use");
  assert.deepEqual(answer.content[0].input, sampleArguments);
});

test("messages, streamed tool use and its result", async () => {
  const stream = client.messages.stream({ ...request, model: "echo-tool", tools });
  const first = await stream.finalMessage();
  assert.deepEqual(first.content[0].input, sampleArguments);

  const result = { type: "tool_result", tool_use_id: first.content[0].id, content: "it is warm" };
  const answer = await client.messages.create({
    ...request,
    model: "echo-tool",
    tools,
    messages: [
      ...request.messages,
      { role: "assistant", content: first.content },
      { role: "user", content: [result] },
    ],
  });
  assert.equal(answer.content[0].text, "it is warm");
});

test("count_tokens", async () => {
  const { model, messages } = request;
  const answer = await client.messages.countTokens({ model, messages });
  assert.equal(answer.input_tokens, 3);
});

test("models", async () => {
  const models = await collected(client.models.list());
  assert.ok(models.some((each) => each.id === "echo" && each.type === "model"));

  const model = await client.models.retrieve("echo");
  assert.equal(model.id, "echo");
});

test("a wrong key", async () => {
  await assert.rejects(anthropic(wrongKey).messages.create(request), (error) => {
    assert.ok(error instanceof Anthropic.AuthenticationError);
    assert.equal(error.error.error.type, "authentication_error");
    return true;
  });
});

test("a wrong key is told although 5 MiB are under way", async () => {
  const long = { ...request, messages: [{ role: "user", content: "x".repeat(5 << 20) }] };
  for (let i = 0; i < 20; ++i) {
    await assert.rejects(anthropic(wrongKey).messages.create(long), Anthropic.AuthenticationError);
  }
});

test("an unknown model", async () => {
  await assert.rejects(client.messages.create({ ...request, model: "nothing-at-all" }), (error) => {
    assert.ok([404, 503].includes(error.status), `status ${error.status}`);
    assert.match(error.message, /nothing-at-all/);
    return true;
  });
});

test("429", async () => {
  await assert.rejects(
    client.messages.create({ ...request, model: "echo-error-429-anthropic" }),
    Anthropic.RateLimitError,
  );
});

test("429 is tried again", async () => {
  const statuses = [];
  const counting = anthropic(key, {
    maxRetries: 1,
    fetch: async (...call) => {
      const response = await fetch(...call);
      statuses.push(response.status);
      return response;
    },
  });

  await assert.rejects(
    counting.messages.create({ ...request, model: "echo-error-429-anthropic-again" }),
    Anthropic.APIError,
  );
  assert.equal(statuses.length, 2);
  assert.equal(statuses[0], 429);
});

test("a stream that breaks off is not taken for a whole one", async () => {
  const stream = client.messages.stream({ ...request, model: "echo-fast-cut-long-50-anthropic" });
  await assert.rejects(stream.finalMessage());
});
