/**
 * The identity provider's clients as they are in development, where nothing about them is secret. The provider takes
 * its defaults from here, and refuses to run in production.
 */
export const developmentClients = {
  web: {
    redirectUri: 'http://127.0.0.1:8081/auth/callback',
    clientSecret: 'development-only-web-client-secret',
  },
  mobile: { redirectUri: 'com.example.shop:/callback', clientSecret: undefined },
} as const;
