// @ts-check
import { defineConfig } from "astro/config";
import mdx from "@astrojs/mdx";
import sitemap from "@astrojs/sitemap";

export default defineConfig({
	site: "https://example.org",
	integrations: [mdx(), sitemap()],
	i18n: { locales: ["en", "fr"], defaultLocale: "en" },
});
