import type { ErrorCode } from "yaml";

/** What is wrong with a text that is no YAML. In words of our own: those of the parser quote the text, which may be a secret. */
export const yamlFault: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: "An alias (*name) has a tag or an anchor.",
  BAD_ALIAS: "An alias (*name) names nothing. Put a value that begins with * into quotes.",
  BAD_COLLECTION_TYPE: "A tag (!name) does not belong to a list or a mapping.",
  BAD_DIRECTIVE: "A line that begins with % is a directive, and this is none. Put the value into quotes.",
  BAD_DQ_ESCAPE: "There is no such escape in double quotes. Single quotes take a backslash as it is.",
  BAD_INDENT: "The line is indented too little, or a bracket is not closed.",
  BAD_PROP_ORDER: "An anchor or a tag is in the wrong place.",
  BAD_SCALAR_START: "A value cannot begin with this character. Put it into quotes.",
  BLOCK_AS_IMPLICIT_KEY:
    "There is a second colon in the line, or the line is indented too far. Put a value with a colon into quotes.",
  BLOCK_IN_FLOW: "Within brackets there is a list or a mapping without brackets.",
  DUPLICATE_KEY: "The key is there a second time.",
  IMPOSSIBLE: "The line cannot be read.",
  KEY_OVER_1024_CHARS: "A key has more than 1,024 characters.",
  MISSING_CHAR: "A quote, a bracket, a comma or a space is missing.",
  MULTILINE_IMPLICIT_KEY: "A key has to be on one line, with a colon after it.",
  MULTIPLE_ANCHORS: "A value has two anchors.",
  MULTIPLE_DOCS: "The file holds several documents. Leave out the line ---.",
  MULTIPLE_TAGS: "A value has two tags.",
  NON_STRING_KEY: "A key has to be a text.",
  RESOURCE_EXHAUSTION: "Lists and mappings are too deep.",
  TAB_AS_INDENT: "A tab cannot indent a line. Use spaces.",
  TAG_RESOLVE_FAILED: "A value that begins with ! is a tag, and this is none. Put the value into quotes.",
  UNEXPECTED_TOKEN:
    "Something follows that does not belong here. Put a value with quotes or brackets in it into quotes.",
};
