// What was typed and is not yet on the server, kept by the browser so that a
// closed page, a crash or a lost server takes nothing.

export interface Draft {
  text: string;
  etag: string; // of the text that was changed
}

export class Drafts {
  constructor(private base: string) {}

  of(path: string): Draft | null {
    try {
      return JSON.parse(localStorage.getItem(this.key(path)) ?? "null");
    } catch {
      return null;
    }
  }

  keep(file: Draft & { path: string }): void {
    try {
      localStorage.setItem(this.key(file.path), JSON.stringify({ text: file.text, etag: file.etag }));
    } catch {
      // The browser keeps no more; the save to the server is still on its way.
    }
  }

  /** drop forgets the draft, unless another tab has put its own there. */
  drop(file: { path: string; text: string }): void {
    if (this.of(file.path)?.text === file.text) localStorage.removeItem(this.key(file.path));
  }

  private key(path: string): string {
    return `cnalab.draft ${this.base} ${path}`;
  }
}
