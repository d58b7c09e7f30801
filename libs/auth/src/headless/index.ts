export { obtainToken, type ObtainTokenOptions, type ObtainedToken } from './obtain-token.ts';
