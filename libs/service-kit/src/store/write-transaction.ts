import { readDocument, type Resource, type ResourceType, type Written } from './resource.ts';
import type { DatabaseTransaction } from './tables.ts';

interface NewRow<T> extends Written<T> {
  position: number;
}

/** Rows per statement: 50 × 7 columns stay far below the limits on parameters. */
const batchSize = 50;

/** The writes of one transaction, which has the counters locked: it alone gives out ids and revisions. */
export class WriteTransaction<T extends Resource> {
  revision: number;
  sequence: number;
  readonly #trx: DatabaseTransaction;
  readonly #type: ResourceType<T>;
  readonly #initialRevision: number;

  private constructor(trx: DatabaseTransaction, type: ResourceType<T>, revision: number, sequence: number) {
    this.#trx = trx;
    this.#type = type;
    this.revision = this.#initialRevision = revision;
    this.sequence = sequence;
  }

  static async begin<T extends Resource>(
    trx: DatabaseTransaction,
    type: ResourceType<T>,
  ): Promise<WriteTransaction<T>> {
    // An update that changes nothing is the row lock that both databases have.
    const { revision, sequence } = await trx
      .updateTable('counters')
      .set((counter) => ({ revision: counter.ref('revision') }))
      .where('name', '=', 'resources')
      .returning(['revision', 'sequence'])
      .executeTakeFirstOrThrow();
    return new WriteTransaction(trx, type, revision, sequence);
  }

  next(): { sequence: number; revision: number } {
    return { sequence: ++this.sequence, revision: ++this.revision };
  }

  /** Stores new resources, whose revision is set already. Gives the document of the last. */
  async insert(rows: readonly NewRow<T>[]): Promise<string> {
    const documents = rows.map(({ value }) => JSON.stringify(this.#type.codec.toJson(value)));
    for (let start = 0; start < rows.length; start += batchSize) {
      const batch = rows.slice(start, start + batchSize).map((row, index) => ({
        ...this.#columnsOf(row, documents[start + index] ?? ''),
        position: row.position,
      }));
      await this.#trx.insertInto('resources').values(batch).execute();
    }
    await this.#record(rows.map(({ value }, index) => ({ value, document: documents[index] ?? '' })));
    return documents.at(-1) ?? '';
  }

  /** Stores a resource's new state under the next revision. */
  async update(written: Written<T>): Promise<T> {
    const value = { ...written.value, revision: ++this.revision };
    const document = JSON.stringify(this.#type.codec.toJson(value));
    const { id, ...columns } = this.#columnsOf({ ...written, value }, document);
    await this.#trx.updateTable('resources').set(columns).where('id', '=', id).execute();
    await this.#record([{ value, document }]);
    return value;
  }

  /** Reads, decides and writes. `decide` returns undefined when the resource stays as it is; gives undefined when there is none. */
  async change(
    id: string,
    decide: (current: T, dueTime: Date | undefined) => Written<T> | undefined,
  ): Promise<T | undefined> {
    const row = await this.#trx
      .selectFrom('resources')
      .select(['document', 'due_time'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row) return undefined;
    const current = readDocument(this.#type, row.document);
    const written = decide(current, row.due_time === null ? undefined : new Date(row.due_time));
    return written ? this.update(written) : current;
  }

  async finish(): Promise<void> {
    if (this.revision === this.#initialRevision) return;
    await this.#trx
      .updateTable('counters')
      .set({ revision: this.revision, sequence: this.sequence })
      .where('name', '=', 'resources')
      .execute();
  }

  #columnsOf({ value, dueTime }: Written<T>, document: string) {
    return {
      id: this.#type.idOf(value),
      customer_id: value.customerId,
      order_id: value.orderId,
      status: value.status,
      due_time: dueTime?.getTime() ?? null,
      document,
    };
  }

  async #record(changes: readonly { value: T; document: string }[]): Promise<void> {
    for (let start = 0; start < changes.length; start += batchSize) {
      const batch = changes.slice(start, start + batchSize).map(({ value, document }) => ({
        revision: value.revision,
        id: this.#type.idOf(value),
        customer_id: value.customerId,
        order_id: value.orderId,
        document,
      }));
      await this.#trx.insertInto('changes').values(batch).execute();
    }
  }
}
