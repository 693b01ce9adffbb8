import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { collected, key, openai, sampleArguments, schema, wrongKey } from "./lib.mjs";

const client = openai();
const messages = [{ role: "user", content: "say this back" }];
const tools = [{ type: "function", function: { name: "weather", parameters: schema } }];

test("chat", async () => {
  const answer = await client.chat.completions.create({ model: "echo", messages });

  assert.equal(answer.choices[0].message.content, "say this back");
  assert.equal(answer.choices[0].finish_reason, "stop");
  assert.deepEqual([answer.usage.prompt_tokens, answer.usage.completion_tokens], [3, 3]);
});

test("chat, raw response with a request id", async () => {
  const { response } = await client.chat.completions
    .create({ model: "echo", messages })
    .withResponse();

  assert.ok(response.headers.get("x-request-id"));
  assert.equal(response.headers.get("x-request-id"), response.headers.get("x-oneapi-request-id"));
});

test("chat, stream without usage", async () => {
  const chunks = await collected(
    await client.chat.completions.create({ model: "echo", messages, stream: true }),
  );

  assert.equal(chunks.map((each) => each.choices[0]?.delta.content ?? "").join(""), "say this back");
  assert.equal(chunks.at(-1).choices[0].finish_reason, "stop");
  // The gateway asks for the usage; the client did not, and is not shown it.
  assert.ok(chunks.every((each) => !each.usage && each.choices.length === 1));
});

test("chat, stream with usage", async () => {
  const chunks = await collected(
    await client.chat.completions.create({
      model: "echo",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    }),
  );

  assert.equal(chunks.at(-1).choices.length, 0);
  assert.equal(chunks.at(-1).usage.total_tokens, 6);
});

test("chat, stream helper", async () => {
  const stream = client.chat.completions.stream({ model: "echo-fast-long-300", messages });
  const answer = await stream.finalChatCompletion();

  assert.equal(answer.choices[0].message.content.trim().split(/\s+/).length, 300);
});

test("chat, events arrive one by one", async () => {
  const times = [];
  const stream = await client.chat.completions.create({
    model: "echo-gap-100ms",
    messages,
    stream: true,
  });
  for await (const _ of stream) times.push(performance.now());

  assert.ok(times.at(-1) - times[0] > 250, `all within ${times.at(-1) - times[0]} ms`);
});

test("chat, tool call", async () => {
  const answer = await client.chat.completions.create({ model: "echo-tool", messages, tools });

  const call = answer.choices[0].message.tool_calls[0];
  assert.equal(answer.choices[0].finish_reason, "tool_calls");
  assert.equal(call.function.name, "weather");
  assert.deepEqual(JSON.parse(call.function.arguments), sampleArguments);
});

test("chat, streamed tool call and its result", async () => {
  const stream = client.chat.completions.stream({ model: "echo-tool", messages, tools });
  const first = (await stream.finalChatCompletion()).choices[0].message;
  assert.deepEqual(JSON.parse(first.tool_calls[0].function.arguments), sampleArguments);

  const answer = await client.chat.completions.create({
    model: "echo-tool",
    tools,
    messages: [
      ...messages,
      first,
      { role: "tool", tool_call_id: first.tool_calls[0].id, content: "it is warm" },
    ],
  });
  assert.equal(answer.choices[0].message.content, "it is warm");
});

test("chat, 200 streams at once", async () => {
  const texts = await Promise.all(
    Array.from({ length: 200 }, async (_, i) => {
      const chunks = await collected(
        await client.chat.completions.create({
          model: "echo",
          messages: [{ role: "user", content: `number ${i} of many` }],
          stream: true,
        }),
      );
      return chunks.map((each) => each.choices[0]?.delta.content ?? "").join("");
    }),
  );

  texts.forEach((text, i) => assert.equal(text, `number ${i} of many`));
});

test("a stream that the client leaves", async () => {
  const stream = await client.chat.completions.create({
    model: "echo-long-1000",
    messages,
    stream: true,
  });
  for await (const _ of stream) break;

  const answer = await client.chat.completions.create({ model: "echo", messages });
  assert.equal(answer.choices[0].message.content, "say this back");
});

test("completions", async () => {
  const answer = await client.completions.create({ model: "echo", prompt: "once upon a time" });
  assert.equal(answer.choices[0].text, "once upon a time");

  const chunks = await collected(
    await client.completions.create({ model: "echo", prompt: "once upon a time", stream: true }),
  );
  assert.equal(chunks.map((each) => each.choices[0]?.text ?? "").join(""), "once upon a time");
});

test("embeddings", async () => {
  const input = ["first text", "second text"];
  // The SDK asks for base64 unless told otherwise, and decodes it.
  const packed = await client.embeddings.create({ model: "echo", input, dimensions: 16 });
  const plain = await client.embeddings.create({
    model: "echo",
    input,
    dimensions: 16,
    encoding_format: "float",
  });

  assert.equal(packed.data.length, 2);
  assert.equal(packed.data[1].embedding.length, 16);
  packed.data[1].embedding.forEach((value, i) =>
    assert.ok(Math.abs(value - plain.data[1].embedding[i]) < 1e-6),
  );
  assert.equal(plain.usage.prompt_tokens, 4);
});

test("moderations", async () => {
  const answer = await client.moderations.create({ model: "echo", input: "no violence, please" });
  assert.equal(answer.results[0].flagged, true);
});

test("images", async () => {
  const answer = await client.images.generate({ model: "echo", prompt: "a cat", n: 2 });

  assert.equal(answer.data.length, 2);
  assert.equal(Buffer.from(answer.data[0].b64_json, "base64").subarray(1, 4).toString(), "PNG");
});

test("speech", async () => {
  const answer = await client.audio.speech.create({ model: "echo", voice: "alloy", input: "hello" });

  const bytes = Buffer.from(await answer.arrayBuffer());
  assert.equal(bytes.subarray(0, 4).toString(), "RIFF");
  assert.equal(bytes.length, bytes.readUInt32LE(4) + 8);
});

test("models", async () => {
  const models = await collected(client.models.list());
  assert.ok(models.some((each) => each.id === "echo"));

  const model = await client.models.retrieve("echo");
  assert.equal(model.id, "echo");
  await assert.rejects(client.models.retrieve("nothing"), OpenAI.NotFoundError);
});

test("responses", async () => {
  const answer = await client.responses.create({ model: "echo", input: "say this back" });

  assert.equal(answer.output_text, "say this back");
  assert.equal(answer.status, "completed");
  assert.equal(answer.usage.output_tokens, 3);
});

test("responses, stream", async () => {
  const events = await collected(
    await client.responses.create({ model: "echo", input: "say this back", stream: true }),
  );

  const text = events.filter((each) => each.type === "response.output_text.delta");
  assert.equal(text.map((each) => each.delta).join(""), "say this back");
  assert.deepEqual(events.map((each) => each.sequence_number), events.map((_, i) => i));
  assert.equal(events.at(-1).type, "response.completed");
});

test("responses, stream helper", async () => {
  const stream = client.responses.stream({ model: "echo", input: "say this back" });
  const answer = await stream.finalResponse();

  assert.equal(answer.output_text, "say this back");
});

test("responses, streamed tool call", async () => {
  const stream = client.responses.stream({
    model: "echo-tool",
    input: "what is it like outside?",
    tools: [{ type: "function", name: "weather", parameters: schema, strict: false }],
  });
  const answer = await stream.finalResponse();

  assert.equal(answer.output[0].name, "weather");
  assert.deepEqual(JSON.parse(answer.output[0].arguments), sampleArguments);
});

test("a wrong key", async () => {
  await assert.rejects(
    openai(wrongKey).chat.completions.create({ model: "echo", messages }),
    (error) => {
      assert.ok(error instanceof OpenAI.AuthenticationError);
      assert.equal(error.status, 401);
      assert.ok(error.requestID);
      return true;
    },
  );
});

test("a wrong key is told although 5 MiB are under way", async () => {
  const body = { model: "echo", messages: [{ role: "user", content: "x".repeat(5 << 20) }] };
  for (let i = 0; i < 20; ++i) {
    await assert.rejects(
      openai(wrongKey).chat.completions.create(body),
      OpenAI.AuthenticationError,
    );
  }
});

test("5 MiB with a good key", async () => {
  const text = "word ".repeat(1 << 20);
  const answer = await client.chat.completions.create({
    model: "echo",
    max_tokens: 10,
    messages: [{ role: "user", content: text }],
  });

  assert.equal(answer.usage.prompt_tokens, 1 << 20);
});

test("an unknown model", async () => {
  await assert.rejects(
    client.chat.completions.create({ model: "nothing-of-the-kind", messages }),
    (error) => {
      assert.ok([404, 503].includes(error.status), `status ${error.status}`);
      assert.match(error.message, /nothing-of-the-kind/);
      return true;
    },
  );
});

test("a mistake of the client's own", async () => {
  await assert.rejects(
    client.chat.completions.create({ model: "echo", messages, max_tokens: -1 }),
    OpenAI.BadRequestError,
  );
});

test("429", async () => {
  await assert.rejects(
    client.chat.completions.create({ model: "echo-error-429-openai", messages }),
    OpenAI.RateLimitError,
  );
});

test("429 is tried again", async () => {
  const statuses = [];
  const counting = openai(key, {
    maxRetries: 1,
    fetch: async (...call) => {
      const response = await fetch(...call);
      statuses.push(response.status);
      return response;
    },
  });

  await assert.rejects(
    counting.chat.completions.create({ model: "echo-error-429-openai-again", messages }),
    OpenAI.APIError,
  );
  assert.equal(statuses.length, 2);
  assert.equal(statuses[0], 429);
});

test("a stream that breaks off is not taken for a whole one", async () => {
  const stream = client.chat.completions.stream({ model: "echo-fast-cut-long-50", messages });
  await assert.rejects(stream.finalChatCompletion());
});

test("200 with an error object", async () => {
  await assert.rejects(
    client.chat.completions.create({ model: "echo-error200", messages }),
    OpenAI.APIError,
  );
});
