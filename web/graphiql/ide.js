// GraphiQL with a place for the access token. The token stays in this tab.
/* global GraphiQL, React, ReactDOM, document, fetch, sessionStorage */
(() => {
  const KEY = 'speakup-directory-token';
  const FIRST = `# Everything is described: documentation is on the left.
{
  viewer { tenant role }
  users(first: 10) {
    totalCount
    nodes { userName displayName department status manager { displayName } }
  }
}
`;
  const form = document.getElementById('token-form');
  const input = document.getElementById('token');
  const told = document.getElementById('told');
  const root = ReactDOM.createRoot(document.getElementById('graphiql'));

  const tell = (text, wrong) => {
    told.textContent = text;
    told.classList.toggle('wrong', wrong);
  };

  async function ask(parameters, { headers = {} } = {}) {
    const token = sessionStorage.getItem(KEY);
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: JSON.stringify(parameters),
    });
    if (response.status === 401) tell('The token is not accepted: it may be of another server, or expired.', true);
    return response.json();
  }

  // A new key makes it read the schema again: another role may see another one.
  const show = (key) =>
    root.render(React.createElement(GraphiQL, { key, fetcher: ask, defaultQuery: FIRST, shouldPersistHeaders: false }));

  async function begin() {
    if (sessionStorage.getItem(KEY) === null) return;
    const { data } = await ask({ query: '{ viewer { tenant role } }' });
    if (data?.viewer) tell(`Tenant ${data.viewer.tenant}, role ${data.viewer.role}.`, false);
    show(String(Date.now()));
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    sessionStorage.setItem(KEY, input.value.trim());
    input.value = '';
    void begin();
  });
  void begin();
})();
