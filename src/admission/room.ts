// Who leaves room for whom: a tenant that goes on asking for more than its share for one that does not, as long as it is
// served no less than that one. Bursts are let through. On a machine that is busy with what one tenant asks for, each step
// of another's request would wait.

/** Milliseconds. */
const LATELY = 1000;

interface Recent {
  /** When it asked for more than its share, and since when it has done so again and again. */
  tooMuchAt: number;
  tooMuchSince: number;
  /** How much it was served, each request counting less the longer ago it was. */
  served: number;
  servedAt: number;
}

export class Room {
  private readonly tenants = new Map<string, Recent>();
  /** Who asked last of those that do not ask for too much. */
  private modest: { readonly tenant: string; readonly at: number } | undefined;

  /** A tenant asks. */
  asked(tenant: string, isTooMuch: boolean, now: number): void {
    const recent = this.of(tenant);
    if (isTooMuch) {
      if (now - recent.tooMuchAt > LATELY) recent.tooMuchSince = now;
      recent.tooMuchAt = now;
    }
    if (now - recent.tooMuchAt > LATELY) this.modest = { tenant, at: now };
    else if (this.modest?.tenant === tenant) this.modest = undefined;
  }

  /** A request of a tenant is served. */
  served(tenant: string, now: number): void {
    const recent = this.of(tenant);
    recent.served = 1 + servedOf(recent, now);
    recent.servedAt = now;
  }

  /** Whether another tenant, one that asks for no more than its share, asked lately. */
  isWanted(tenant: string, now: number): boolean {
    return this.modest !== undefined && this.modest.tenant !== tenant && now - this.modest.at <= LATELY;
  }

  /** Whether a tenant is to leave room just now. */
  isLeftBy(tenant: string, now: number): boolean {
    if (!this.modest || !this.isWanted(tenant, now)) return false;
    const recent = this.of(tenant);
    const { tooMuchAt, tooMuchSince } = recent;
    if (now - tooMuchAt > LATELY || now - tooMuchSince < LATELY) return false;
    return servedOf(recent, now) >= servedOf(this.of(this.modest.tenant), now);
  }

  /** Forgets what is long ago. To be called now and then. */
  sweep(now: number): void {
    for (const [tenant, { tooMuchAt, servedAt }] of this.tenants)
      if (now - Math.max(tooMuchAt, servedAt) > 10 * LATELY) this.tenants.delete(tenant);
  }

  private of(tenant: string): Recent {
    let recent = this.tenants.get(tenant);
    if (!recent) this.tenants.set(tenant, (recent = { ...NOTHING }));
    return recent;
  }
}

const NOTHING: Recent = { tooMuchAt: -Infinity, tooMuchSince: -Infinity, served: 0, servedAt: -Infinity };

const servedOf = ({ served, servedAt }: Recent, now: number): number => served * Math.exp((servedAt - now) / LATELY);
