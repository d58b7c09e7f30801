export { findImbalances, readBooks, type Books } from './books.ts';
