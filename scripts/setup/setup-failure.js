/** Something the person at the keyboard can mend: the message is the one sentence that says what, where and what to try. */
export class SetupFailure extends Error {
  /** @param {string} sentence */
  constructor(sentence) {
    super(sentence)
    this.name = 'SetupFailure'
  }
}
