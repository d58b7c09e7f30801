export { developmentClients } from './development-clients.ts';
export { obtainToken, type ObtainedToken, type ObtainTokenOptions } from './obtain-token.ts';
export { SignInError } from './sign-in-error.ts';
