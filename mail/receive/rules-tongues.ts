/**
 * The same answers in the languages in which servers abroad give them, beside or instead of English. Latin letters come
 * without their accents (`classify`). Whose name is missing decides here as well: the sender's words are asked first.
 */
import type { Rule } from './rules-shape.js';

export const OURS_ABROAD_RULES: readonly Rule[] = [
  {
    name: 'ours-in-other-tongues',
    bounceClass: 'SENDER_BLOCKED',
    text: [
      // German; `an den Absender` only tells where the report goes
      /(?<!\ban (den |ihren )|\bdem )\babsende(r|radresse|adresse)\b|\bihre? (ip|ip-adresse|server|domain)\b|\bsperrliste\b|\bunerwunscht|\b(nachricht|mail|e-?mail|anlage|anhang)\b[^.;:]{0,30}\b(zu (gross|lang)|uberschreitet|ueberschreitet)\b/,
      // French
      /(?<!\ba l')\b(emetteur|expediteur)\b|\badresse ip\b|\bliste noire\b|\bindesirable|\btaille\b[^.;:]{0,40}\b(message|limite|maximale)\b|\bmessage (est )?trop (gros|volumineux|grand|long)\b|\btrop de (connexions|messages)\b/,
      // Spanish, Portuguese, Italian
      /(?<!\bal |\bao )\b(remitente|remetente|mittente)\b|\blista (negra|nera)\b|\bno deseado\b|\b(demasiado|muito|troppo) grande\b|\btamano (maximo|del mensaje)\b/,
      // Chinese, Korean, Russian
      /发件人|发信人|寄件者|垃圾(邮件|郵件)|黑名单|黑名單|(邮件|郵件)(太大|过大|過大)|频率|發送頻率|발신자|보낸 ?사람|스팸|отправител[ьяюе]|спам|ч[её]рн(ый|ом|ого) спис/,
    ],
    source: 'Orange, La Poste, T-Online, 163.com, QQ, mail.ru and small providers.',
    example: { diagnostic: '550 5.1.1 Absenderadresse unbekannt: Benutzer existiert nicht', status: '5.1.1' },
  },
];

export const FULL_ABROAD_RULES: readonly Rule[] = [
  {
    name: 'full-in-other-tongues',
    bounceClass: 'MAILBOX_FULL',
    text: [
      /\b(postfach|mailbox|speicher(platz|volumen)?|kontingent|quota|benutzer|postbus)\b[^.;:]{0,40}\b(voll|vol|uberschritten|ueberschritten|erschopft|ausgeschopft|uberfullt)\b|\bzu ?viele (e-?)?(mails|nachrichten) (auf dem server|im postfach)\b/,
      /\b(boite|messagerie|quota|espace)\b[^.;:]{0,60}\b(pleine?|saturee?|depassee?|atteinte?)\b/,
      /\b(buzon|cuenta|casella|caixa|cuota|cota|quota|destinatario)\b[^.;:]{0,50}\b(llen[oa]|pien[oa]|chei[oa]|excedid[oa]|superat[oa]|lotad[oa])\b/,
      /(邮箱|郵箱|信箱|空间|空間|容量)[^。]{0,12}(已满|已滿|不足|超出|满了)|(메일함|편지함|용량)[^.]{0,12}(초과|가득|부족)|ящик[а-яё]{0,4}[^.;:]{0,30}(переполнен|заполнен)|превышен[а-яё]{0,3} (квот|лимит)/,
    ],
    source: 'web.de, Orange, QQ, mail.ru and small providers.',
    example: { diagnostic: '550 Benutzer hat das Speichervolumen überschritten', status: '5.1.1' },
  },
];

export const UNKNOWN_ABROAD_RULES: readonly Rule[] = [
  {
    name: 'unknown-in-other-tongues',
    bounceClass: 'UNKNOWN_ADDRESS',
    text: [
      /\b(benutzer|nutzer|empfa(e)?nger|teilnehmer|postfach|mailbox|(e-?mail-?)?adresse|konto)\b[^.;:]{0,40}\b(unbekannt|nicht (bekannt|gefunden|vorhanden)|existier(t|en) nicht|deaktiviert|geloscht|ungultig)\b|\bunbekannter (benutzer|empfa(e)?nger)\b|\bkeine? (solcher? )?(benutzer|postfach|empfa(e)?nger)\b|\b(gebruiker|ontvanger|postbus|adres)\b[^.;:]{0,40}\b(onbekend|bestaat niet|niet gevonden)\b/,
      /\b(utilisateur|destinataire|adresse|boite|compte)\b[^.;:]{0,50}(\b(inconnue?|introuvable|inexistante?|invalide|archivee?|desactivee?|supprimee?|fermee?)\b|\bn'existe (pas|plus)\b)/,
      /\b(usuario|destinatario|buzon|cuenta|direccion|utente|casella|indirizzo|caixa postal|conta|endereco)\b[^.;:]{0,50}\b(desconocid[oa]|desconhecid[oa]|sconosciut[oa]|inexistente|no existe|nao existe|non esiste|no (se )?(ha )?encontrad[oa]|no se encontro|nao encontrad[oa]|non trovat[oa]|deshabilitad[oa]|desativad[oa]|disattivat[oa])\b|\bno existe (el |la |dich[oa] |es[ea] |est[ea] |ningun )?(usuario|buzon|persona|cuenta|destinatario|direccion)\b|\bno se (encontro|ha encontrado|pudo encontrar) (el|la) (usuario|buzon|direccion|destinatario)|\bnessun utente\b/,
      /(用户|用戶|使用者|收件人|收件者|邮箱|郵箱|信箱|帐号|账号|帳號)[^。,，]{0,10}(不存在|未找到|找不到|无效|無效|已停用|被禁用|已注销)|(사용자|수신자|메일 ?주소|계정)[^.]{0,12}(없는|없습니다|존재하지)|(пользовател|получател|адрес|ящик|аккаунт)[а-яё]{0,6}[^.;:]{0,30}(не найден|не существует|неизвест|удал[её]н|отключ[её]н)/,
    ],
    source: 'Exchange in the language of its house, Orange, T-Online, QQ, mail.ru and small providers.',
    example: { diagnostic: '550 Utilisateur inconnu' },
  },
];

export const EXPIRED_ABROAD_RULES: readonly Rule[] = [
  {
    name: 'expired-in-other-tongues',
    bounceClass: 'EXPIRED',
    text: [
      /\b(server|host)\b[^.;:]{0,30}\b(antwortet nicht|nicht erreichbar)\b|\bzeituberschreitung\b|\bserveur\b[^.;:]{0,40}\b(ne repond pas|injoignable)\b|\bdelai\b[^.;:]{0,30}\b(depasse|expire)\b|\bservidor\b[^.;:]{0,40}\bno (responde|disponible)\b|\btiempo de espera\b|\bil server non risponde\b|(连接|連線)[^。]{0,6}(超时|逾時|失败|失敗)/,
    ],
    source: 'Exchange in the language of its house, QQ and small providers.',
    example: { diagnostic: 'Der Server antwortet nicht' },
  },
];
