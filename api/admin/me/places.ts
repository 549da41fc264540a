/** Addresses below 自分のページ. */
import { PLACES } from '../shell/places.js';

export const PASSWORD_PLACE = `${PLACES.me}/password`;
export const SESSIONS_PLACE = `${PLACES.me}/sessions`;
export const FACTOR_PLACE = `${PLACES.me}/second-factor`;
export const FACTOR_CONFIRM_PLACE = `${PLACES.me}/second-factor/confirm`;
export const CODES_PLACE = `${PLACES.me}/recovery-codes`;
