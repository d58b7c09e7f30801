import { describe, expect, it } from '@jest/globals';
import { describePage, findForm } from './form.ts';

const url = 'http://issuer.test/interaction/1';

describe('findForm', () => {
  it('finds the form that is posted, with its fields and where it goes', () => {
    const html = `<form action="/search"><input name="q"></form>
      <form id="f" method="post" action="/a?b=1&amp;c=2">
      <input type="hidden" name="xsrf" value="&quot;x&quot;"/><input name="user_code"><input type="submit"></form>`;
    expect(findForm({ url, html })).toEqual({
      action: 'http://issuer.test/a?b=1&c=2',
      fields: { xsrf: '"x"', user_code: '' },
    });
  });

  it('finds none on a page without one', () => {
    expect(findForm({ url, html: '<p>done</p><form action="/search"></form>' })).toBeUndefined();
  });
});

describe('describePage', () => {
  it('prefers what the page says went wrong', () => {
    expect(describePage({ url, html: '<title>T</title><p role="alert">It isn&#39;t right.</p>' })).toBe(
      "It isn't right.",
    );
    expect(describePage({ url, html: '<title>Sign in</title>' })).toBe('Sign in');
    expect(describePage({ url, html: '' })).toBe('a page without a title');
  });
});
