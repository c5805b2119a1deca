import { Button } from "@patternfly/react-core";
import UploadIcon from "@patternfly/react-icons/dist/esm/icons/upload-icon";
import { type DragEvent, useEffect, useId, useRef, useState } from "react";

type Props = { readonly info: string; readonly onFiles: (files: readonly File[]) => void };

/** Files are chosen in the browser's own dialog, by a button that every keyboard reaches, or dropped. */
export function DropZone({ info, onFiles }: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  useMissedDrops();
  const take = (files: FileList | null): void => {
    if (files !== null && files.length > 0) onFiles([...files]);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <div
      className={`tcm-drop${isOver ? " tcm-drop-over" : ""}`}
      onDragEnter={() => setOver(true)}
      onDragLeave={(event) => setOver(event.currentTarget.contains(event.relatedTarget as Node | null))}
      onDrop={drop}
    >
      <UploadIcon aria-hidden />
      <p>Drop files here</p>
      <p className="tcm-faint">or</p>
      <Button variant="secondary" aria-describedby={id} onClick={() => input.current?.click()}>
        Choose files
      </Button>
      <p id={id} className="tcm-faint">
        {info}
      </p>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          take(currentTarget.files);
          // Who has mended a file chooses it again, and that is a change too.
          currentTarget.value = "";
        }}
      />
    </div>
  );
}

/** A file that misses its place would be opened by the browser instead of this page. Text is dragged as ever. */
function useMissedDrops(): void {
  useEffect(() => {
    const keepPage = (event: globalThis.DragEvent): void => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    };
    document.addEventListener("dragover", keepPage);
    document.addEventListener("drop", keepPage);
    return () => {
      document.removeEventListener("dragover", keepPage);
      document.removeEventListener("drop", keepPage);
    };
  }, []);
}
