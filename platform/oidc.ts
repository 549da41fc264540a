/** OpenID Connect as a client: Authorization Code with PKCE, state and nonce. The provider's own clock is the library's matter. */
import * as client from 'openid-client';

export interface OidcClient {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Where the provider sends the browser back to. */
  redirectUri: string;
}

/** Kept by whoever began, until the browser is back. */
export interface OidcChecks {
  state: string;
  nonce: string;
  codeVerifier: string;
}

export type OidcAnswer =
  /** `claims`: of the ID token, and what it lacks of the userinfo. */
  | { verdict: 'PROVEN'; claims: Readonly<Record<string, unknown>>; amr: readonly string[] }
  /** The provider said no, or what came back does not belong to what was begun. */
  | { verdict: 'REFUSED' }
  /** The provider does not answer. */
  | { verdict: 'AWAY' };

const TIMEOUT_SECONDS = 8;
const SCOPE = 'openid profile';

/** https, but for a provider on this very machine. */
export function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, search, hash } = new URL(text);
  if (username !== '' || search !== '' || hash !== '') return false;
  return protocol === 'https:' || isLoopback(text);
}

function isLoopback(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer);
  return protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

/** Where to send the browser; null: the provider does not answer. */
export async function beginOidc(who: OidcClient): Promise<{ url: string; checks: OidcChecks } | null> {
  const checks: OidcChecks = {
    state: client.randomState(),
    nonce: client.randomNonce(),
    codeVerifier: client.randomPKCECodeVerifier(),
  };
  try {
    const url = client.buildAuthorizationUrl(await discover(who), {
      redirect_uri: who.redirectUri,
      scope: SCOPE,
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(checks.codeVerifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, checks };
  } catch {
    return null;
  }
}

/** `query`: what the browser came back with, as it stands behind the question mark. */
export async function finishOidc(who: OidcClient, query: string, checks: OidcChecks): Promise<OidcAnswer> {
  let config: client.Configuration;
  try {
    config = await discover(who);
  } catch {
    return { verdict: 'AWAY' };
  }
  try {
    const tokens = await client.authorizationCodeGrant(config, new URL(`${who.redirectUri}?${query}`), {
      expectedState: checks.state,
      expectedNonce: checks.nonce,
      pkceCodeVerifier: checks.codeVerifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) return { verdict: 'REFUSED' };
    const more =
      config.serverMetadata().userinfo_endpoint === undefined
        ? {}
        : await client.fetchUserInfo(config, tokens.access_token, claims.sub);
    const amr = Array.isArray(claims.amr) ? claims.amr.filter((each) => typeof each === 'string') : [];
    return { verdict: 'PROVEN', claims: { ...more, ...claims }, amr };
  } catch (error) {
    return { verdict: isAway(error) ? 'AWAY' : 'REFUSED' };
  }
}

async function discover({ issuer, clientId, clientSecret }: OidcClient): Promise<client.Configuration> {
  return client.discovery(new URL(issuer), clientId, clientSecret, undefined, {
    timeout: TIMEOUT_SECONDS,
    execute: isLoopback(issuer) ? [client.allowInsecureRequests] : [],
  });
}

function isAway(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return error instanceof TypeError || code === 'OAUTH_TIMEOUT';
}
