// What the tests of the SDKs share: the address and keys of the running gateway, which the driver
// gives in the environment, and clients of each SDK.

import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";

export const address = process.env.GATEHOUSE_ADDRESS;
export const key = process.env.GATEHOUSE_KEY;
export const wrongKey = "sk-" + "0".repeat(48);

export function openai(apiKey = key, options = {}) {
  return new OpenAI({ baseURL: `${address}/v1`, apiKey, maxRetries: 0, ...options });
}

export function anthropic(apiKey = key, options = {}) {
  return new Anthropic({ baseURL: address, apiKey, maxRetries: 0, ...options });
}

// Without `apiVersion` the SDK asks below /v1.
export function gemini(apiKey = key, apiVersion = undefined) {
  return new GoogleGenAI({ apiKey, httpOptions: { baseUrl: address, apiVersion } });
}

export async function collected(stream) {
  const all = [];
  for await (const each of stream) all.push(each);
  return all;
}

export const schema = {
  type: "object",
  properties: {
    city: { type: "string" },
    days: { type: "integer", minimum: 3 },
    unit: { type: "string", enum: ["celsius", "fahrenheit"] },
  },
  required: ["city", "days", "unit"],
};
export const sampleArguments = { city: "echo", days: 3, unit: "celsius" };
