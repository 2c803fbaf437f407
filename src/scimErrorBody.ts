// The body of an error below /scim, whoever answers: RFC 7644 section 3.12.

export interface ScimErrorBody {
  readonly schemas: readonly string[];
  /** Text: RFC 7644 section 3.12. */
  readonly status: string;
  readonly scimType?: string;
  readonly detail: string;
}

/** `scimType` where RFC 7644 table 9 has one. */
export const scimErrorBody = (status: number, detail: string, scimType?: string): ScimErrorBody => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
  status: String(status),
  ...(scimType ? { scimType } : {}),
  detail,
});

export const SCIM_JSON = 'application/scim+json; charset=utf-8';
