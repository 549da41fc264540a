/** The SMTP conversations under way: how long each may last, and which of them can be ended. */
import type { SMTPServer, SMTPServerSession } from 'smtp-server';

export interface Talks {
  began(session: SMTPServerSession): void;
  over(session: SMTPServerSession): void;
  /** A message is coming in or being recorded until this resolves. */
  during<T>(session: SMTPServerSession, work: Promise<T>): Promise<T>;
  /** One more recipient was refused; true when it is one too many for one conversation. */
  refused(session: SMTPServerSession): boolean;
  /** Ends those without a message under way now, the others as soon as theirs is answered. */
  endAll(): void;
}

interface Talk {
  limit: NodeJS.Timeout;
  refused: number;
  busy: boolean;
}

/** Ours are never refused, apart from a typing error of an operator: whoever goes on is guessing. */
const REFUSED_RECIPIENTS = 20;

/** A conversation lasts `lastingMs` at most, however eager it is: an idle time-out alone is reset by every byte. */
export function createTalks(lastingMs: number, server: () => SMTPServer): Talks {
  const talks = new Map<string, Talk>();
  let ending = false;

  /** 421 is the answer after which a sender comes again. */
  const end = (id: string, why: string) => {
    for (const connection of server().connections) {
      if (connection.session.id === id) connection.send(421, why);
    }
  };
  return {
    began({ id }) {
      const limit = setTimeout(() => end(id, 'This has lasted too long'), lastingMs);
      limit.unref();
      talks.set(id, { limit, refused: 0, busy: false });
    },
    over({ id }) {
      clearTimeout(talks.get(id)?.limit);
      talks.delete(id);
    },
    async during({ id }, work) {
      const talk = talks.get(id);
      if (talk) talk.busy = true;
      try {
        return await work;
      } finally {
        if (talk) talk.busy = false;
        // After the answer to this message, which is written in this turn.
        if (ending) setImmediate(() => end(id, 'Server shutting down'));
      }
    },
    refused({ id }) {
      const talk = talks.get(id);
      if (!talk) return false;
      talk.refused += 1;
      return talk.refused > REFUSED_RECIPIENTS;
    },
    endAll() {
      ending = true;
      for (const connection of [...server().connections]) {
        if (!talks.get(connection.session.id)?.busy) connection.send(421, 'Server shutting down');
      }
    },
  };
}
