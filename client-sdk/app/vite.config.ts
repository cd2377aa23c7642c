import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds a running server; the server itself serves the built `dist`. */
const server = 'http://localhost:8080';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Assets stay files of their own: a strict content security policy refuses `data:` URLs.
    assetsInlineLimit: 0,
    sourcemap: true,
  },
  server: {
    port: 5173,
    proxy: {
      '/api': { target: server },
      '/hls': { target: server },
      '^/auth/(login|callback|logout)': { target: server },
      '/ws': { target: server, ws: true },
    },
  },
});
