/**
 * A payload that cannot be read becomes `undefined`. Whoever may signal can send anything; with the SDK's own converter
 * one unreadable payload would fail every task of that account's workflow, for ever.
 */
import type { PayloadConverter } from '@temporalio/workflow';
import { defaultPayloadConverter } from '@temporalio/workflow';

export const payloadConverter: PayloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value),
  fromPayload<T>(payload: Parameters<PayloadConverter['fromPayload']>[0]): T {
    try {
      return defaultPayloadConverter.fromPayload<T>(payload);
    } catch {
      return undefined as T;
    }
  },
};
