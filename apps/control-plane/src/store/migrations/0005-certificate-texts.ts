import { createHash } from "node:crypto";
import { type ColumnDefinitionBuilder, type Generated, type Kysely, sql } from "kysely";
import { isPostgres } from "../is-postgres.ts";
import { identityColumn } from "./identity-column.ts";

type Place = { readonly ca_set_id: number; readonly version: number; readonly position: number };
type Member = Place & { readonly description: string | null; readonly created_at: string; readonly created_by: string };

/** The tables as they are at this step, whatever becomes of them later. */
type Tables = {
  ca_set_version_certificates: Member & { readonly fingerprint: string; readonly certificate_pem: string };
  certificate_texts: {
    readonly id: Generated<number>;
    readonly sha256: string;
    readonly fingerprint: string;
    readonly pem: string;
  };
  ca_set_version_members: Member & { readonly text_id: number };
};

/** Every version kept its own copy of each text: at 200 sets of 100 versions of 300 certificates, almost all of the store. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createTables(db);
  await moveMembers(db.withTables<Tables>());
  await db.schema.dropTable("ca_set_version_certificates").execute();
  await db.schema.createIndex("ca_set_version_members_text").on("ca_set_version_members").column("text_id").execute();
  if (isPostgres(db)) await keepOldName(db);
  // The newest version of each of two hundred sets is asked for whenever they are listed.
  await db.schema
    .createIndex("ca_set_versions_living")
    .on("ca_set_versions")
    .columns(["ca_set_id", "version"])
    .where(sql.ref("status"), "=", sql.lit("NOT_DELETED"))
    .execute();
}

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();

async function createTables(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable("certificate_texts")
    .addColumn("id", "integer", identityColumn(db))
    .addColumn("sha256", "text", (c) => c.notNull().unique())
    .addColumn("fingerprint", "text", (c) => c.notNull().references("certificates.fingerprint"))
    .addColumn("pem", "text", required)
    .execute();
  await schema.createIndex("certificate_texts_fingerprint").on("certificate_texts").column("fingerprint").execute();
  await schema
    .createTable("ca_set_version_members")
    .addColumn("ca_set_id", "integer", required)
    .addColumn("version", "integer", required)
    .addColumn("position", "integer", required)
    .addColumn("text_id", "integer", (c) => c.notNull().references("certificate_texts.id"))
    .addColumn("description", "text")
    .addColumn("created_at", "text", required)
    .addColumn("created_by", "text", required)
    .addPrimaryKeyConstraint("ca_set_version_members_key", ["ca_set_id", "version", "position"])
    .execute();
}

const pageSize = 1_000;

/** In pages, so that neither memory nor one statement's time grows with the store. */
async function moveMembers(db: Kysely<Tables>): Promise<void> {
  const writeTexts = textWriter(db);
  for (let last: Place = { ca_set_id: 0, version: 0, position: -1 }; ; ) {
    const { ca_set_id, version, position } = last;
    const page = await db
      .selectFrom("ca_set_version_certificates")
      .selectAll()
      .where((eb) => eb(eb.refTuple("ca_set_id", "version", "position"), ">", eb.tuple(ca_set_id, version, position)))
      .orderBy("ca_set_id")
      .orderBy("version")
      .orderBy("position")
      .limit(pageSize)
      .execute();
    const end = page.at(-1);
    if (end === undefined) return;
    const ids = await writeTexts(page);
    const members = page.map((row) => {
      const text_id = ids.get(row.certificate_pem);
      if (text_id === undefined) throw new Error("a text was not written");
      const { description, created_at, created_by } = row;
      return {
        ca_set_id: row.ca_set_id,
        version: row.version,
        position: row.position,
        text_id,
        description,
        created_at,
        created_by,
      };
    });
    await db.insertInto("ca_set_version_members").values(members).execute();
    last = end;
  }
}

/** Versions of a set share most of their texts, so that those seen lately need no statement. */
const maxRemembered = 20_000;

/** Answers the ids by text. */
function textWriter(db: Kysely<Tables>) {
  const ids = new Map<string, number>();
  return async (page: readonly Tables["ca_set_version_certificates"][]): Promise<ReadonlyMap<string, number>> => {
    if (ids.size > maxRemembered) ids.clear();
    const fresh = new Map(
      page.filter((row) => !ids.has(row.certificate_pem)).map((row) => [sha256(row.certificate_pem), row] as const),
    );
    if (fresh.size === 0) return ids;
    const values = [...fresh].map(([hash, row]) => ({
      sha256: hash,
      fingerprint: row.fingerprint,
      pem: row.certificate_pem,
    }));
    await db
      .insertInto("certificate_texts")
      .values(values)
      .onConflict((conflict) => conflict.column("sha256").doNothing())
      .execute();
    const stored = await db
      .selectFrom("certificate_texts")
      .select(["id", "pem"])
      .where("sha256", "in", [...fresh.keys()])
      .execute();
    for (const { id, pem } of stored) ids.set(pem, id);
    return ids;
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Control planes of the version before may be at work on the same server: for them the table of old stays, as a view that can be
 * written. The embedded store has one process, and needs none.
 */
async function keepOldName(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE VIEW ca_set_version_certificates AS
    SELECT member.ca_set_id, member.version, member.position, written.fingerprint, written.pem AS certificate_pem,
           member.description, member.created_at, member.created_by
    FROM ca_set_version_members AS member JOIN certificate_texts AS written ON written.id = member.text_id`.execute(db);
  await sql`
    CREATE FUNCTION write_version_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE hash text := encode(sha256(convert_to(NEW.certificate_pem, 'UTF8')), 'hex');
    BEGIN
      INSERT INTO certificate_texts (sha256, fingerprint, pem) VALUES (hash, NEW.fingerprint, NEW.certificate_pem)
      ON CONFLICT (sha256) DO NOTHING;
      INSERT INTO ca_set_version_members (ca_set_id, version, position, text_id, description, created_at, created_by)
      SELECT NEW.ca_set_id, NEW.version, NEW.position, id, NEW.description, NEW.created_at, NEW.created_by
      FROM certificate_texts WHERE sha256 = hash;
      RETURN NEW;
    END $$`.execute(db);
  await sql`
    CREATE FUNCTION delete_version_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      DELETE FROM ca_set_version_members
      WHERE ca_set_id = OLD.ca_set_id AND version = OLD.version AND position = OLD.position;
      RETURN OLD;
    END $$`.execute(db);
  await sql`
    CREATE TRIGGER written INSTEAD OF INSERT ON ca_set_version_certificates
    FOR EACH ROW EXECUTE FUNCTION write_version_certificate()`.execute(db);
  await sql`
    CREATE TRIGGER deleted INSTEAD OF DELETE ON ca_set_version_certificates
    FOR EACH ROW EXECUTE FUNCTION delete_version_certificate()`.execute(db);
}
