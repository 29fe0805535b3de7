// What came over the wire is of no known shape until these have looked at it.

/** The service sent a document that this version cannot read; names members, never values. */
export class DocumentError extends Error {}

/** The members of a JSON object, each asked for by the kind of value it must be. */
export class Members {
  private constructor(
    private readonly values: Readonly<Record<string, unknown>>,
    private readonly place: string,
  ) {}

  static of(value: unknown, place: string): Members {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new DocumentError(`${place} is no object`);
    }
    return new Members(value as Record<string, unknown>, place);
  }

  number(name: string): number {
    const value = this.values[name];
    return typeof value === "number" ? value : this.refuse(name, "number");
  }

  text(name: string): string {
    const value = this.values[name];
    return typeof value === "string" ? value : this.refuse(name, "text");
  }

  flag(name: string): boolean {
    const value = this.values[name];
    return typeof value === "boolean" ? value : this.refuse(name, "boolean");
  }

  optionalNumber(name: string): number | null {
    return this.values[name] == null ? null : this.number(name);
  }

  optionalText(name: string): string | null {
    return this.values[name] == null ? null : this.text(name);
  }

  optionalInstant(name: string): Date | null {
    const text = this.optionalText(name);
    const instant = text === null ? null : new Date(text);
    return instant !== null && Number.isNaN(instant.getTime()) ? this.refuse(name, "instant") : instant;
  }

  object(name: string): Members {
    return Members.of(this.values[name], `${this.place}.${name}`);
  }

  /** The objects of an array; of one that is missing, none. */
  list<T>(name: string, read: (item: Members) => T): readonly T[] {
    const value = this.values[name] ?? [];
    if (!Array.isArray(value)) {
      return this.refuse(name, "array");
    }
    return value.map((item: unknown) => read(Members.of(item, `${this.place}.${name}`)));
  }

  /** The texts of an array; of one that is missing, none. */
  texts(name: string): readonly string[] {
    const value = this.values[name] ?? [];
    if (!Array.isArray(value)) {
      return this.refuse(name, "array");
    }
    return value.map((item: unknown) => (typeof item === "string" ? item : this.refuse(name, "array of texts")));
  }

  private refuse(name: string, kind: string): never {
    throw new DocumentError(`${this.place}.${name} is no ${kind}`);
  }
}
