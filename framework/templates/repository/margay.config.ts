import { defineConfig, env } from 'margay';

export default defineConfig({
  destinations: {
    terminal: { type: 'stdout', levels: ['low+'] },
    slack: { type: 'slack', webhookUrl: env('SLACK_WEBHOOK_URL'), levels: ['high+'] },
  },
  default: 'terminal',
});
