import { defineConfig } from 'vitepress'

export default defineConfig({
  title: 'Moss Index',
  description: 'What grows on the north side',
  lang: 'en-US',
  cleanUrls: true,
  sitemap: { hostname: 'https://example.org' },
})
