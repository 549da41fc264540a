/** A form that did not come from a page of ours, or is no form. Each site shows in its own words that nothing was taken in. */
export class FormRefusedError extends Error {
  constructor(readonly status: 400 | 403 | 415) {
    super('the form was not read');
    this.name = 'FormRefusedError';
  }
}
