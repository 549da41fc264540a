/** Answers about a domain or host that is not there: only the recipient's own counts against the address. */
import type { Rule } from './rules-shape.js';

/** Wordings for 「no such host or domain」, whosever it is. */
const NOT_FOUND: readonly RegExp[] = [
  /\b(host|domain|host ?name)( or domain name| name)?( \(?[a-z0-9.-]{1,255}\)?)? (is |was )?(unknown|not found|does not exist|doesn't exist|could not be found|couldn't be found|(does not|doesn't) appear to be registered|is not registered|(could not|cannot|can't) be resolved)\b/,
  /\b(unknown|non-?existent|no such) (host|domain)\b|\b(info|dns\.)?(domainnonexistent|nonexistentdomain)\b|\bnxdomain\b/,
  /\bcouldn't find any host\b|\bcouldn't find a mail exchanger\b|\bno mx (found|record)|\bbad destination system\b/,
  /\bname or service not known\b/,
  /\bunrout(e)?able mail domain\b|\b(unable to|could not|cannot|can't) find (an? )?(mx|mail exchanger|host)\b/,
  /\bno data record of requested type\b|\ball relevant mx records point to non-existent\b|\bunresolvable\b/,
  /\b(has|have|with) no (mx|mail exchangers?|mail hosts?|a) ?(records?)?\b|\bno (mx|a|aaaa) (or|and) (mx|a|aaaa) records?\b|\bno mail hosts? for\b|\b(domain|host)( name)?( [a-z0-9.-]{1,255})? (could not|couldn't|cannot|can't) be resolved\b/,
  /\b(domain|domane)( '?[a-z0-9.-]{1,255}'?)? (existiert nicht|(wurde |konnte )?nicht gefunden|(ist )?unbekannt)\b|\bdomaine( [a-z0-9.-]{1,255})? (n'existe pas|(est )?(introuvable|inconnu))|\bdominio( [a-z0-9.-]{1,255})? (no existe|inexistente|non esiste|nao existe|desconocido|sconosciuto)\b/,
  /ドメイン[^。]{0,40}(見つかりません|存在しません|存在しない|見つからない)|(域名|域)[^。]{0,8}不存在/,
];

export const NO_DOMAIN_RULES: readonly Rule[] = [
  {
    name: 'null-mx',
    bounceClass: 'DOMAIN_NOT_FOUND',
    missing: ['ITS_DOMAIN', 'UNNAMED'],
    text: [
      /\bnull ?mx\b|\bindicated no smtp service\b|\bdomain( [a-z0-9.-]{1,255})? does not accept mail\b(?! from)/,
    ],
    source: 'RFC 7505 as Postfix and OpenSMTPD say it: the domain declares that it takes no mail.',
    example: { status: '5.1.0', diagnostic: 'Domain example.jp does not accept mail (nullMX)' },
  },
  {
    name: 'no-such-domain',
    bounceClass: 'DOMAIN_NOT_FOUND',
    missing: ['ITS_DOMAIN'],
    // Under a number of security (5.7.1) the domain that was not found is ours.
    status: ['none', 'X.1.*', 'X.4.*'],
    text: NOT_FOUND,
    source:
      'Postfix, sendmail, qmail, Exim, OpenSMTPD, Exchange (NonExistentDomain, InfoDomainNonexistent), Gmail (NXDOMAIN).',
    example: {
      status: '5.4.4',
      diagnostic: 'Host or domain name not found. Name service error for name=example.jp type=MX',
    },
  },
  {
    name: 'no-such-domain-unnamed',
    bounceClass: 'DOMAIN_NOT_FOUND',
    missing: ['UNNAMED'],
    status: ['none', 'X.1.*', 'X.4.*'],
    text: [
      /\b(recipient|destination|addressee|target)('s)? (e-?mail )?(domain|host)( name)? (is |was )?(unknown|invalid|not found|does not exist|doesn't exist|could not be found)\b/,
      /\bcouldn't find a mail exchanger\b|\bno mx (found|records?) for (the )?(recipient |destination )?domain\b|\ball relevant mx records point to non-existent\b/,
      /\bsmtpsend\.dns\.nonexistentdomain\b|\binfodomainnonexistent\b|\bunrout(e)?able mail domain\b/,
      // No reply code: the server that could not send says so itself.
      /^(dns error: ?)?(as )?(the )?(remote )?domain( name)? (does not exist|doesn't exist|not found|could not be found)\.?$/,
      /\bno mail hosts? for (the )?domain\b/,
      /(宛先|あて先|送信先|受信者|相手)[^。]{0,6}ドメイン[^。]{0,20}(見つかりません|存在しません|存在しない|見つからない)/,
    ],
    source:
      'qmail, Exim, OpenSMTPD, Exchange, when they do not say the name: the words speak of the destination.',
    example: { diagnostic: 'No MX found for domain' },
  },
  {
    name: 'no-route-to-the-domain',
    bounceClass: 'DOMAIN_NOT_FOUND',
    missing: ['ITS_DOMAIN', 'UNNAMED'],
    status: ['X.4.4'],
    text: [/\binvalid domain\b/],
    source:
      'Amazon SES, for a domain without a mail exchanger; RFC 3463’s 「unable to route」 is never about a sender.',
    example: { status: '5.4.4', diagnostic: '550 5.4.4 Invalid domain' },
  },
  {
    name: 'no-such-domain-number',
    bounceClass: 'DOMAIN_NOT_FOUND',
    missing: ['ITS_DOMAIN', 'UNNAMED'],
    status: ['X.1.2'],
    unless: [
      /\brelay|\bsmart ?host|\bnext[- ]?hop\b|\bgateway\b|\bupstream\b|\binternal\b|\b(unknown host|no such host)\b/,
    ],
    source: 'RFC 3463: bad destination system.',
    example: { status: '5.1.2' },
  },
  {
    name: 'another-host-is-missing',
    bounceClass: 'OTHER',
    status: ['none', 'X.1.*', 'X.2.*', 'X.3.*', 'X.4.*', 'X.5.*'],
    text: NOT_FOUND,
    source:
      'A relay, a next hop behind the provider, or a host nobody names: a mistake in somebody’s settings, for all its users.',
    example: { status: '5.1.1', diagnostic: '550 5.1.1 relay.example.net: host not found' },
  },
];
