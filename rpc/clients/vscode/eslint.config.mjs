import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["out/", "**/*.mjs"] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    // All but ui/ and the entry can be run and tested without an editor.
    files: ["src/{wire,documents,words,view}/**", "test/unit/**"],
    rules: {
      "no-restricted-imports": ["error", { paths: ["vscode"], patterns: ["**/ui/*"] }],
    },
  },
  {
    files: ["test/unit/**"],
    // node:test keeps the promises of its tests itself.
    rules: { "@typescript-eslint/no-floating-promises": "off" },
  },
);
