import {
  FormSelect,
  FormSelectOption,
  SearchInput,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from "@patternfly/react-core";
import { conditionText } from "./node-condition.ts";
import { type NodeFilter, type NodeState, nodeStates } from "./node-filter.ts";

type Props = {
  readonly filter: NodeFilter;
  readonly engines: readonly string[];
  readonly onFilter: (filter: NodeFilter) => void;
  /** How many are left, said aloud when it changes. */
  readonly found: string;
};

/** Above the list of nodes; what is chosen is in the address, so that a link shows the same. */
export function NodeFilterBar({ filter, engines, onFilter, found }: Props) {
  return (
    <Toolbar>
      <ToolbarContent>
        <ToolbarItem className="tcm-search">
          <SearchInput
            aria-label="Filter by name, engine or network"
            placeholder="Name, engine or network"
            value={filter.words ?? ""}
            onChange={(_, words) => onFilter({ ...filter, words })}
            onClear={() => onFilter({ ...filter, words: "" })}
          />
        </ToolbarItem>
        <Choice
          label="Network"
          all="Both networks"
          value={filter.network}
          onValue={(network) => onFilter(withOnly(filter, { network }))}
        >
          {networks}
        </Choice>
        <Choice
          label="Engine"
          all="Every engine"
          value={filter.engine}
          onValue={(engine) => onFilter(withOnly(filter, { engine }))}
        >
          {engines.map((engine) => ({ value: engine, text: engine }))}
        </Choice>
        <Choice
          label="State"
          all="Every state"
          value={filter.state}
          onValue={(state) => onFilter(withOnly(filter, { state }))}
        >
          {states}
        </Choice>
        <ToolbarItem alignSelf="center">
          <span role="status">{found}</span>
        </ToolbarItem>
      </ToolbarContent>
    </Toolbar>
  );
}

type Option = { readonly value: string; readonly text: string };

const networks: readonly Option[] = [
  { value: "STAGING", text: "Staging" },
  { value: "PRODUCTION", text: "Production" },
];
const stateText: Readonly<Record<NodeState, string>> = { ...conditionText, stale: "away for a day or more" };
const states: readonly Option[] = nodeStates.map((value) => ({ value, text: stateText[value] }));

/** What a select says is text; the address is read again by `readNodeFilter`. */
function withOnly(filter: NodeFilter, change: Readonly<Record<string, string>>): NodeFilter {
  return { ...filter, ...change };
}

type ChoiceProps = {
  readonly label: string;
  readonly all: string;
  readonly value: string | undefined;
  readonly onValue: (value: string) => void;
  readonly children: readonly Option[];
};

function Choice({ label, all, value = "", onValue, children }: ChoiceProps) {
  return (
    <ToolbarItem className="tcm-choice">
      <FormSelect aria-label={label} value={value} onChange={(_, chosen) => onValue(chosen)}>
        <FormSelectOption value="" label={all} />
        {children.map((option) => (
          <FormSelectOption key={option.value} value={option.value} label={option.text} />
        ))}
      </FormSelect>
    </ToolbarItem>
  );
}
