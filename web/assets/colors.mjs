// Writes colors.css from @radix-ui/colors: each step once, light and dark
// together. Run it when the package changes: npm run colors
import * as radix from "@radix-ui/colors";
import { writeFileSync } from "node:fs";

const scales = ["slate", "indigo", "green", "amber", "violet", "red"];
const lines = scales.flatMap((scale) =>
  Array.from({ length: 12 }, (_, i) => {
    const step = `${scale}${i + 1}`;
    return `  --${scale}-${i + 1}: light-dark(${radix[scale][step]}, ${radix[scale + "Dark"][step]});`;
  }),
);
writeFileSync("colors.css", `/* Written by colors.mjs from @radix-ui/colors (MIT). */\n:root {\n${lines.join("\n")}\n}\n`);
