/** RFC 9110 section 5.6.7: IMF-fixdate, whole seconds, UTC. */
export function httpDate(instant: Temporal.Instant): string {
  return new Date(instant.epochMilliseconds).toUTCString();
}

/** Reads an IMF-fixdate; undefined when it is anything else (the obsolete forms are not sent by registries). */
export function parseHttpDate(text: string): Temporal.Instant | undefined {
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return undefined;
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) return undefined;
  const instant = Temporal.Instant.fromEpochMilliseconds(milliseconds);
  // "Mon, 31 Feb" would be read as a day in March.
  return httpDate(instant) === text ? instant : undefined;
}
