/** A real OpenID provider on loopback, which lets in whoever the test says, without asking. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export interface TestProvider {
  issuer: string;
  /** Who is at the provider just now. */
  who: { name: string; amr: string[] };
  /** As a browser: from the address we sent it to, to the one that the provider sends it back to. */
  walk(url: string): Promise<string>;
  stop(): Promise<void>;
}

export const CLIENT = { id: 'net119', secret: 'a-secret-of-the-client-for-tests' };

export async function startProvider(redirectUri: string): Promise<TestProvider> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const who = { name: '', amr: [] as string[] };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [redirectUri],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub', 'amr'], profile: ['preferred_username'] },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => Promise.resolve({ sub, preferred_username: who.name }),
    }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    cookies: { keys: ['for-tests-only'] },
  });
  const answer = provider.callback();
  server.on('request', (req, res) => {
    if (req.url?.startsWith('/interaction/') !== true) {
      void answer(req, res);
      return;
    }
    void (async () => {
      const { prompt, params, session } = await provider.interactionDetails(req, res);
      if (prompt.name === 'login') {
        await provider.interactionFinished(req, res, { login: { accountId: 'someone', amr: who.amr } });
        return;
      }
      const grant = new provider.Grant({
        accountId: session?.accountId,
        clientId: String(params['client_id']),
      });
      grant.addOIDCScope('openid profile');
      await provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } });
    })();
  });
  return {
    issuer,
    who,
    async walk(url) {
      const cookies = new Map<string, string>();
      let at = url;
      while (at.startsWith(issuer)) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const response = await fetch(at, { redirect: 'manual', headers: { cookie } });
        for (const set of response.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
          cookies.set(name, value);
        }
        const to = response.headers.get('location');
        if (to === null) throw new Error(`the provider said ${response.status}: ${await response.text()}`);
        at = new URL(to, at).href;
      }
      return at;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
