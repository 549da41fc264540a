/** There is nothing at this address, or nothing for this headquarters: another one's person is as unknown as any other. */
export class NotHereError extends Error {
  constructor() {
    super('there is nothing here');
    this.name = 'NotHereError';
  }
}
