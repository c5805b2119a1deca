import "@patternfly/react-core/dist/styles/base.css";
import "./frame/console.css";
import "./people/people.css";
import "./tester/tester.css";
import "./structure/structure.css";
import "./expiry/expiry.css";
import "./text/filter-bar.css";
import "./deployment/deployment.css";
import "./timeline/timeline.css";
import "./journey/journey.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { openQueryClient } from "./api/query-client.ts";
import { reloadForUpgrade } from "./frame/upgrade.ts";
import { createConsoleRouter } from "./frame/router.tsx";
import { takePlace, windowStorage } from "./session/return-place.ts";

addEventListener("vite:preloadError", () => void reloadForUpgrade());

const place = takePlace(location, windowStorage(), Date.now());
if (place !== undefined) history.replaceState(null, "", place);

const queries = openQueryClient();
const router = createConsoleRouter(queries);

const element = document.getElementById("console");
if (element === null) throw new Error("the page has no place for the console");
createRoot(element).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
