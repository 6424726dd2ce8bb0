import type {Config} from '@docusaurus/types';

const config: Config = {
  title: 'Harbour Lights',
  tagline: 'Notes on buoys, beacons and the people who tend them',
  url: 'https://example.org',
  baseUrl: '/',
  i18n: {defaultLocale: 'en', locales: ['en']},
  presets: [
    ['classic', {docs: {sidebarPath: './sidebars.ts'}, blog: {showReadingTime: true}}],
  ],
};

export default config;
