// Takes a token apart on the page, and verifies it with keys that are pasted
// beside it. Nothing of it leaves the browser: no request is made.
import { all, make } from "./dom";
import { say, words } from "./words";

type JSONObject = Record<string, unknown>;

export function jwt(): void {
  all("[data-jwt]").forEach(tool);
}

function tool(place: HTMLElement, n: number): void {
  const area = (name: string, label: string) => {
    const input = make("textarea", { id: `jwt-${name}-${n}`, rows: "4", spellcheck: "false", autocomplete: "off", autocapitalize: "off" });
    place.append(make("label", { for: input.id }, label), input);
    return input;
  };
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", words.jwt);
  const token = area("token", words.jwtToken);
  const keys = area("keys", words.jwtKeys);
  const says = make("p", { class: "jwt-says", role: "status" }, words.jwtPrivate);
  const parts = make("dl", { class: "jwt-parts" });
  place.append(says, parts);
  let latest = 0;
  const show = async () => {
    const mine = ++latest;
    const text = token.value.trim();
    parts.replaceChildren(...shown(text));
    const [sentence, state] = text === "" ? [words.jwtPrivate, ""] : await verified(text, keys.value.trim());
    if (mine !== latest) return; // more was typed meanwhile
    says.textContent = sentence;
    says.dataset.state = state;
  };
  token.addEventListener("input", () => void show());
  keys.addEventListener("input", () => void show());
}

/** shown are the parts of a token, each under its name. */
function shown(text: string): HTMLElement[] {
  const parts = text.split(".");
  if (parts.length !== 3) return [];
  const [header, claims, signature] = parts as [string, string, string];
  const rows: [string, string][] = [
    [words.jwtHeader, pretty(header)],
    [words.jwtClaims, pretty(claims)],
    [words.jwtSignature, hex(signature)],
    [words.jwtSigned, `${header}.${claims}`],
  ];
  return rows.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, make("pre", { tabindex: "0" }, value))]);
}

/** verified says whether the signature is right, and in which state that leaves the token. */
async function verified(text: string, keys: string): Promise<[string, string]> {
  const parts = text.split(".");
  if (parts.length !== 3) return [say(words.jwtNot, { parts: parts.length }), "wrong"];
  const [head, claims, signature] = parts as [string, string, string];
  const header = object(head);
  if (!header || !object(claims) || !bytes(signature)) return [words.jwtUnreadable, "wrong"];
  if (keys === "") return [words.jwtNoKeys, ""];
  if (header.alg !== "RS256") return [say(words.jwtAlg, { alg: String(header.alg) }), "wrong"];
  const set = parsed(keys);
  const list = Array.isArray(set?.keys) ? (set.keys as JSONObject[]) : set?.kty ? [set] : [];
  if (list.length === 0) return [words.jwtNoSet, ""];
  const key = list.find((one) => one?.kty === "RSA" && one.kid === header.kid);
  if (!key) return [say(words.jwtNoKey, { kid: String(header.kid) }), "wrong"];
  if (!globalThis.crypto?.subtle) return [words.jwtInsecure, ""]; // only https and this machine have it
  try {
    const rsa = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    const imported = await crypto.subtle.importKey("jwk", { kty: "RSA", n: String(key.n), e: String(key.e) }, rsa, false, ["verify"]);
    const right = await crypto.subtle.verify(rsa, imported, bytes(signature)!, new TextEncoder().encode(`${head}.${claims}`));
    return right ? [say(words.jwtRight, { kid: String(header.kid) }), "right"] : [words.jwtWrong, "wrong"];
  } catch {
    return [words.jwtNoSet, ""];
  }
}

function parsed(text: string): JSONObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JSONObject) : undefined;
  } catch {
    return undefined;
  }
}

/** bytes decodes base64url, without padding. */
function bytes(part: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(part)) return undefined;
  try {
    return Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function decoded(part: string): string | undefined {
  const found = bytes(part);
  try {
    return found && new TextDecoder("utf-8", { fatal: true }).decode(found);
  } catch {
    return undefined;
  }
}

const object = (part: string): JSONObject | undefined => parsed(decoded(part) ?? "");

function pretty(part: string): string {
  const found = object(part);
  return found ? JSON.stringify(found, null, 2) : (decoded(part) ?? words.jwtUnreadable);
}

function hex(part: string): string {
  const found = bytes(part);
  return found ? Array.from(found, (b) => b.toString(16).padStart(2, "0")).join("") : words.jwtUnreadable;
}
