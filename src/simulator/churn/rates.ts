// How much an organisation changes, as shares of its people, memberships and groups.

export interface Rates {
  readonly joiners: number;
  /** Other department, title, place and manager. */
  readonly movers: number;
  readonly leavers: number;
  /** Of everybody: out of the bin, or hired again. */
  readonly returners: number;
  /** Other surname, and with it userPrincipalName and e-mail address. */
  readonly renames: number;
  /** Of memberships: so many end, and so many begin. Of groups: one in ten of it is renamed, made or deleted. */
  readonly groupChurn: number;
}

/** What a large company sees in a week or so. */
export const USUAL_RATES: Rates = {
  joiners: 0.01,
  movers: 0.03,
  leavers: 0.008,
  returners: 0.001,
  renames: 0.002,
  groupChurn: 0.02,
};

/** The same rates for another length of time. */
export const scaled = (rates: Rates, by: number): Rates => ({
  joiners: rates.joiners * by,
  movers: rates.movers * by,
  leavers: rates.leavers * by,
  returners: rates.returners * by,
  renames: rates.renames * by,
  groupChurn: rates.groupChurn * by,
});
