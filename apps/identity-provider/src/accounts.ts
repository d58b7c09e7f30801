import { timingSafeEqual } from 'node:crypto';

export interface Account {
  /** What the user signs in with; also `sub` in every token. */
  readonly userName: string;
  readonly name: string;
  readonly roles: readonly string[];
}

/** The users of the seeded data: alice and bob have orders, carol has none, sam may read anybody's. */
const accounts: readonly Account[] = [
  { userName: 'alice', name: 'Alice Adams', roles: [] },
  { userName: 'bob', name: 'Bob Brown', roles: [] },
  { userName: 'carol', name: 'Carol Clark', roles: [] },
  { userName: 'sam', name: 'Sam Smith', roles: ['support'] },
];

/** One password for all: this provider never runs in production, which `createIdentityProvider` checks. */
const developmentPassword = Buffer.from('password');

export function findAccount(userName: string): Account | undefined {
  return accounts.find((account) => account.userName === userName);
}

/** The account, if both the name and the password are right. */
export function checkPassword(userName: string, password: string): Account | undefined {
  const given = Buffer.from(password);
  const right = given.length === developmentPassword.length && timingSafeEqual(given, developmentPassword);
  return right ? findAccount(userName) : undefined;
}
