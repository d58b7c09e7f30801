import type { ResourceType } from '../store/resource.ts';

/** A resource of no service, for tests of the store alone. */
export interface Note {
  noteId: string;
  customerId: string;
  orderId: string;
  status: string;
  createTime: Date;
  updateTime: Date;
  revision: number;
}

export const noteType: ResourceType<Note> = {
  noun: 'note',
  idPrefix: 'not',
  idOf: ({ noteId }) => noteId,
  codec: {
    toJson: (note) => note,
    fromJson(json) {
      const { createTime, updateTime, ...rest } = json as Note;
      return { ...rest, createTime: new Date(createTime), updateTime: new Date(updateTime) };
    },
  },
};

/** What `insert` makes a note from. */
export function makeNote(
  fields: Partial<Note> = {},
): (identity: { id: string; revision: number }) => { value: Note; dueTime?: Date } {
  return ({ id, revision }) => ({
    value: {
      noteId: id,
      customerId: 'alice',
      orderId: 'ord_0001',
      status: 'open',
      createTime: new Date(0),
      updateTime: new Date(0),
      revision,
      ...fields,
    },
  });
}
