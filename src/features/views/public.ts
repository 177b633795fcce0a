export { default as SavedViews } from './saved-views.svelte';
export { questionOf, type Question } from './question.rules.ts';
export { inOrder as viewsInOrder, viewLists, viewPath, type ViewList } from './views.ts';
