// The requests that list, open and close the shells of a lab.

/** ShellInfo is one shell as the server lists it. */
export interface ShellInfo {
  id: string;
  addresses: boolean;
  inside: boolean;
}

/** listShells asks for the lab's shells. */
export async function listShells(base: string): Promise<ShellInfo[]> {
  return request<ShellInfo[]>(base, "GET");
}

/** request asks the server; what it refuses is an error with its sentence. */
export async function request<T>(base: string, method: string, which = ""): Promise<T> {
  const answer = await fetch(`${base}/terminal${which}`, { method, headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer) throw new Error(""); // the page says already that the server is away
  if (answer.status === 204) return undefined as T;
  const body = await answer.json();
  if (!answer.ok) throw new Error(`${body.say} ${body.next}`);
  return body as T;
}
