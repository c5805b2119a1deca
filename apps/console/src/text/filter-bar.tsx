import { TextInput } from "@patternfly/react-core";

type Props = {
  /** What is filtered by, such as "Filter by name". */
  readonly label: string;
  readonly words: string;
  readonly onWords: (words: string) => void;
  /** How many are left, said aloud when it changes. */
  readonly found: string;
};

/** Above a list: the words that its rows must have, and how many have them. */
export function FilterBar({ label, words, onWords, found }: Props) {
  return (
    <div className="tcm-filter">
      <TextInput
        type="search"
        aria-label={label}
        placeholder={label}
        value={words}
        onChange={(_, value) => onWords(value)}
      />
      <span role="status">{found}</span>
    </div>
  );
}
